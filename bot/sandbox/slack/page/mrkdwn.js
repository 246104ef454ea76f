// Slack's own markup, made into nodes: no text ever becomes HTML.
// https://docs.slack.dev/messaging/formatting-message-text

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { written } from "./dates.js";
import { names } from "./names.js";

const FENCE = /```\n?([\s\S]+?)\n?```/g;
const QUOTE = /^(?:>|&gt;) ?/;
const LETTER = "[\\p{L}\\p{N}]";

/** Words between two marks: close to them inside, apart from other words outside. */
function between(mark, name) {
  const before = `(?<!${LETTER}|${mark})${mark}(?=[^\\s${mark}])`;
  return `${before}(?<${name}>[^${mark}\\n]*?)(?<=\\S)${mark}(?!${LETTER})`;
}

const INLINE = new RegExp(
  [
    "<(?<special>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    ":(?<emoji>[a-z0-9_+-]+):",
    ...[["\\*", "b"], ["_", "i"], ["~", "s"]].map(([mark, name]) => between(mark, name)),
    "(?<bare>https?:\\/\\/[^\\s<>]+[^\\s<>.,;:!?)])",
  ].join("|"),
  "gu",
);

/** Slack's three entities. */
export const unescaped = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text object's nodes. */
export function textNodes(text) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, text.verbatim);
  return [unescaped(text.emoji === false ? text.text : withEmoji(text.text))];
}

/** A text object as plain words, for names. */
export function words(text) {
  const holder = h("span", {}, textNodes(text));
  return holder.textContent.replace(/\s+/g, " ").trim();
}

/** Marked-up text as nodes; `verbatim` leaves bare addresses as they are. */
export function mrkdwn(text, verbatim = false) {
  const nodes = [];
  let end = 0;
  for (const fence of text.matchAll(FENCE)) {
    nodes.push(...lines(text.slice(end, fence.index), verbatim));
    nodes.push(h("pre", {}, unescaped(fence[1])));
    end = fence.index + fence[0].length;
  }
  return [...nodes, ...lines(text.slice(end), verbatim)];
}

function lines(text, verbatim) {
  const nodes = [];
  let quoted = [];
  const close = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, inline(quoted.join("\n"), verbatim)));
    quoted = [];
  };
  const plain = [];
  const flush = () => {
    if (plain.length) nodes.push(...inline(plain.join("\n"), verbatim));
    plain.length = 0;
  };
  for (const line of text.split("\n")) {
    if (QUOTE.test(line)) {
      flush();
      quoted.push(line.replace(QUOTE, ""));
    } else {
      close();
      plain.push(line);
    }
  }
  flush();
  close();
  return nodes;
}

function inline(text, verbatim) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) nodes.push(unescaped(text.slice(end, found.index)));
    nodes.push(...one(found, verbatim));
    end = found.index + found[0].length;
  }
  if (end < text.length) nodes.push(unescaped(text.slice(end)));
  return nodes;
}

function one(found, verbatim) {
  const { special, code, emoji: name, b, i, s, bare } = found.groups;
  if (special) return [angle(special)];
  if (code) return [h("code", {}, unescaped(code))];
  if (name) return [emoji(name) ?? found[0]];
  if (b) return [h("b", {}, inline(b, verbatim))];
  if (i) return [h("i", {}, inline(i, verbatim))];
  if (s) return [h("s", {}, inline(s, verbatim))];
  return [verbatim ? unescaped(bare) : link(unescaped(bare), unescaped(bare))];
}

function angle(inside) {
  const [what, ...rest] = inside.split("|");
  const label = unescaped(rest.join("|"));
  if (what.startsWith("@")) return person(what.slice(1), label);
  if (what.startsWith("#")) return channel(what.slice(1), label);
  if (what.startsWith("!date^")) return date(what, label);
  if (what.startsWith("!")) return mention(label || `@${what.slice(1).split("^")[0]}`);
  return link(unescaped(what), label || unescaped(what).replace(/^mailto:/, ""));
}

function date(what, fallback) {
  const [, stamp, form, address] = what.split("^");
  const text = written(Number(stamp), unescaped(form ?? "")) || fallback;
  return address ? link(unescaped(address), text) : h("time", { title: fallback || null }, text);
}

const mention = (text, isMe = false) => h("span", { class: isMe ? "mention me" : "mention" }, text);

/** A person's mention. */
export function person(id, label = "") {
  const name = names.people.get(id)?.name;
  return mention(name ? `@${name}` : label || `@${id}`, id === names.me);
}

/** A channel's mention. */
export function channel(id, label = "") {
  const name = names.channels.get(id);
  return mention(name ? `#${name}` : label || `#${id}`);
}

/** Whether a browser may be sent there: an address from outside is never a script. */
export const isSafe = (address) => /^(https?|mailto|slack):/i.test(address);

/** A link in a new tab; an unsafe address stays words. */
export function link(address, label) {
  if (!isSafe(address)) return h("span", {}, label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}
