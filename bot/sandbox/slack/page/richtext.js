// Rich text, standard Markdown and tables, as blocks of messages hold them.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { written } from "./dates.js";
import { channel, link, person } from "./mrkdwn.js";

/** The nodes of a rich_text block. */
export const richText = (block) => block.elements.map(part);

function part(element) {
  const inside = () => (element.elements ?? []).map(leaf);
  switch (element.type) {
    case "rich_text_section":
      return h("p", {}, inside());
    case "rich_text_quote":
      return h("blockquote", {}, inside());
    case "rich_text_preformatted":
      return h("pre", {}, inside());
    case "rich_text_list":
      return h(element.style === "ordered" ? "ol" : "ul", { class: `indent-${element.indent ?? 0}` },
        element.elements.map((item) => h("li", {}, (item.elements ?? []).map(leaf))));
    default:
      return unknown(element.type);
  }
}

function leaf(element) {
  switch (element.type) {
    case "text":
      return styled(element.text, element.style);
    case "link":
      return link(element.url, element.text || element.url);
    case "emoji":
      return emoji(element.name) ?? `:${element.name}:`;
    case "user":
      return person(element.user_id);
    case "channel":
      return channel(element.channel_id);
    case "broadcast":
      return h("span", { class: "mention" }, `@${element.range}`);
    case "date":
      return h("time", {}, written(element.timestamp, element.format) || element.fallback || "");
    case "color":
      return h("code", {}, element.value);
    default:
      return unknown(element.type);
  }
}

function styled(text, style = {}) {
  const marks = [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"]];
  return marks.reduce((node, [name, tag]) => (style[name] ? h(tag, {}, node) : node), text);
}

/** What cannot be shown says so, for people and for tests. */
export function unknown(kind) {
  return h("span", { class: "unsupported", role: "alert" }, `Unsupported: ${kind}`);
}

/** The nodes of a markdown block: headings, lists, quotes, code, and marks within lines. */
export function markdown(text) {
  const nodes = [];
  const all = text.split("\n");
  while (all.length) nodes.push(paragraph(all));
  return nodes.filter(Boolean);
}

const STARTS = /^(#{1,6} |[-*+] |\d+[.)] |> ?|```)/;

function taken(all, fits) {
  const found = [];
  while (all.length && fits(all[0])) found.push(all.shift());
  return found;
}

function paragraph(all) {
  const line = all[0];
  if (!line.trim()) {
    all.shift();
    return null;
  }
  if (line.startsWith("```")) {
    all.shift();
    const code = taken(all, (one) => !one.startsWith("```"));
    all.shift();
    return h("pre", {}, code.join("\n"));
  }
  if (/^#{1,6} /.test(line)) return h("p", {}, h("b", {}, marks(all.shift().replace(/^#+ /, ""))));
  for (const [tag, start] of [["ul", /^[-*+] /], ["ol", /^\d+[.)] /]]) {
    if (start.test(line)) {
      const items = taken(all, (one) => start.test(one));
      return h(tag, {}, items.map((one) => h("li", {}, marks(one.replace(start, "")))));
    }
  }
  if (/^> ?/.test(line)) {
    const quoted = taken(all, (one) => one.startsWith(">"));
    return h("blockquote", {}, marks(quoted.map((one) => one.replace(/^> ?/, "")).join("\n")));
  }
  const first = all.shift();
  return h("p", {}, marks([first, ...taken(all, (one) => one.trim() && !STARTS.test(one))].join("\n")));
}

const MARKS = new RegExp(
  [
    /\*\*(?<b>[^*\n]+)\*\*/,
    /\*(?<i>[^*\n]+)\*/,
    /(?<!\w)_(?<u>[^_\n]+)_(?!\w)/,
    /~~(?<s>[^~\n]+)~~/,
    /`(?<code>[^`\n]+)`/,
    /\[(?<label>[^\]\n]+)\]\((?<to>[^)\s]+)\)/,
  ].map((one) => one.source).join("|"),
  "g",
);

function marks(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    nodes.push(withEmoji(text.slice(end, found.index)));
    const { b, i, u, s, code, label, to } = found.groups;
    if (b) nodes.push(h("b", {}, marks(b)));
    else if (i || u) nodes.push(h("i", {}, marks(i ?? u)));
    else if (s) nodes.push(h("s", {}, marks(s)));
    else if (code) nodes.push(h("code", {}, code));
    else nodes.push(link(to, label));
    end = found.index + found[0].length;
  }
  nodes.push(withEmoji(text.slice(end)));
  return nodes;
}

/** A table block: its first row is its heading. */
export function table(block) {
  const cell = (tag) => (one) => h(tag, {}, one.type === "rich_text" ? richText(one) : (one.text ?? ""));
  const [heading, ...rows] = block.rows;
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", {},
      h("thead", {}, h("tr", {}, (heading ?? []).map(cell("th")))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))));
}
