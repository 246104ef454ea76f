// Messages of a channel or a thread, oldest first, with what was said privately marked as such.

import { blocks } from "./blocks.js";
import { dayOf, fullTimeOf, timeOf } from "./dates.js";
import { h, icon, marked, stub } from "./dom.js";
import { emoji } from "./emoji.js";
import { fileCard } from "./files.js";
import { initials, tint } from "./names.js";
import { state } from "./state.js";

const EYE = "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z";
const BUBBLE = "M3 4h14v10H9l-4 3v-3H3z";
const CLOSE_SECONDS = 300;

/** The channel's own messages, each with a line that leads to its replies. */
export function conversation(messages, log) {
  return listed(messages.filter((one) => !isReply(one)), messages, log, "f");
}

/** A thread: the message it hangs on, and its replies. */
export function thread(messages, root, log) {
  return listed(messages.filter((one) => one.ts === root || one.thread === root), [], log, "t");
}

const isReply = (one) => one.thread && one.thread !== one.ts;

/** `log` is the key of the list they stand in: what stands there already and is the same is not made again. */
function listed(messages, all, log, scope) {
  const standing = document.querySelector(`[data-key="${log}"]`)?.children ?? [];
  const known = new Map([...standing].map((node) => [node.dataset.key, node]));
  const nodes = [];
  let before = null;
  for (const one of messages) {
    const day = dayOf(one.ts);
    const isNewDay = !before || dayOf(before.ts) !== day;
    if (isNewDay) nodes.push(h("div", { class: "day", "data-key": `day-${one.ts}` }, h("span", {}, day)));
    const replies = all.filter((reply) => reply.thread === one.ts && reply !== one);
    const isShort = !isNewDay && follows(one, before);
    const busy = [...state.pending].filter((key) => key.startsWith(one.ts));
    const from = JSON.stringify([state.person, one, isShort, replies.map((reply) => reply.ts), busy]);
    const same = known.get(one.ts)?.madeFrom === from;
    nodes.push(same ? stub(known.get(one.ts)) : marked(message(one, isShort, replies, scope), from));
    before = one;
  }
  return nodes;
}

/** Whether a message stands below the one before without saying again who speaks. */
function follows(one, before) {
  const isSameVoice = before?.user === one.user && !one.is_app && before.is_private === one.is_private;
  return isSameVoice && Number(one.ts) - Number(before.ts) < CLOSE_SECONDS;
}

function message(one, isShort, replies, scope) {
  const where = { place: one.ts, values: one.values, scope };
  const attributes = {
    class: ["message", isShort && "short", one.is_private && "private"].filter(Boolean).join(" "),
    "data-key": one.ts,
    "data-ts": one.ts,
    "data-channel": one.channel,
    "aria-label": `${one.author}, ${timeOf(one.ts)}${one.is_private ? ", only visible to you" : ""}`,
  };
  return h("article", attributes,
    one.is_private && h("p", { class: "only-you" }, icon(EYE), "Only visible to you"),
    h("div", { class: "gutter" }, isShort ? h("span", { class: "faint" }, timeOf(one.ts)) : face(one)),
    h("div", { class: "message-body" },
      !isShort && byline(one),
      blocks(one.blocks, where),
      isShort && edited(one),
      one.files.length > 0 && h("div", { class: "files" }, one.files.map(fileCard)),
      one.trouble && h("p", { class: "trouble", role: "alert" }, one.trouble),
      one.reactions.length > 0 && h("p", { class: "reactions" },
        one.reactions.map((name) => h("span", { class: "reaction", title: `:${name}:` }, emoji(name) ?? `:${name}:`))),
      replies.length > 0 && repliesLine(one, replies)),
    h("div", { class: "tools" },
      h("button",
        {
          type: "button",
          class: "bare",
          "data-go": "thread",
          "data-value": one.thread ?? one.ts,
          "aria-label": "Reply in thread",
        },
        icon(BUBBLE)),
      state.team.shortcuts.filter(({ kind }) => kind === "message").map(({ name }) =>
        h("button", { type: "button", class: "bare words", "data-do": "shortcut", "data-value": name }, name))));
}

function repliesLine(one, replies) {
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h("button", { type: "button", class: "replies", "data-go": "thread", "data-value": one.ts },
    h("b", {}, count), h("span", { class: "faint" }, `last at ${timeOf(replies.at(-1).ts)}`));
}

function byline(one) {
  return h("p", { class: "byline" },
    h("b", {}, one.author),
    one.is_app && h("span", { class: "app-mark" }, "APP"),
    h("time", { class: "faint", title: fullTimeOf(one.ts) }, timeOf(one.ts)),
    edited(one));
}

const edited = (one) => one.is_edited && h("span", { class: "faint" }, "(edited)");

function face(one) {
  return avatar(one.user, one.author);
}

/** A person's picture: their letters on their colour. */
export function avatar(id, name, more = "") {
  const isBot = id === state.team.bot.id;
  return h("span", { class: `avatar ${isBot ? "bot" : tint(name)} ${more}`, "aria-hidden": "true" },
    isBot ? name[0] : initials(name));
}
