// The box one writes in: messages, slash commands with what can follow, files.

import { doIt, during } from "./doing.js";
import { share } from "./acts.js";
import { sample } from "./api.js";
import { h, icon } from "./dom.js";
import { badge, carry, fileWords } from "./files.js";
import { closePopup, isOpen, openMenu, openPopup, opens } from "./popup.js";
import { state } from "./state.js";

const CLIP = "M14 6l-6.5 6.5a1.8 1.8 0 0 0 2.5 2.5L16 9a3.4 3.4 0 0 0-5-5L5 10a5 5 0 0 0 7 7l5-5";
const SEND = "M3 3l15 7-15 7 2-7zM5 10h7";
const BOX = "M3 7l7-4 7 4v7l-7 4-7-4zM3 7l7 4 7-4M10 11v7";
const BOLT = "M11 2L4 11h5l-1 7 7-9h-5z";
const drafts = new Map();
const known = new WeakSet();
let choice = null;

/** The box of a channel, or of a thread in it. */
export function composer(channel, name, thread = "") {
  const key = `${channel}|${thread}`;
  const label = thread ? "Reply in thread" : `Message ${name}`;
  const place = { "data-key": `composer-${key}`, "data-channel-id": channel, "data-thread": thread };
  return h("div", { class: "composer", ...place },
    h("div", { class: "composer-box" },
      h("textarea", {
        rows: "1",
        "data-draft": key,
        placeholder: thread ? "Reply …" : `Message ${name}, or type / for a command`,
        "aria-label": label,
        "aria-autocomplete": "list",
      }),
      h("div", { class: "composer-foot" },
        !thread && [
          h("label", { class: "bare clip" },
            h("input", { type: "file", multiple: true, "data-share": channel, "aria-label": "Attach files" }),
            icon(CLIP)),
          state.team.samples.length > 0 && h("button",
            { type: "button", class: "bare words", "data-tray": channel, ...opens("dialog") },
            icon(BOX), "Sample files"),
          state.team.shortcuts.some(({ kind }) => kind === "global") && h("button",
            { type: "button", class: "bare words", "data-shortcuts": true, ...opens("menu") },
            icon(BOLT), "Shortcuts"),
        ],
        h("span", { class: "gap" }),
        h("button", { type: "button", class: "bare send", "data-send": true, "aria-label": "Send" }, icon(SEND)))));
}

/** A box that has just appeared shows what had been written in it. */
export function restoreDrafts() {
  for (const box of document.querySelectorAll("textarea[data-draft]")) {
    if (!known.has(box)) box.value = drafts.get(box.dataset.draft) ?? "";
    known.add(box);
    grow(box);
  }
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
}

function send(box) {
  const text = box.value.trim();
  if (!text) return;
  closePopup();
  box.value = "";
  drafts.delete(box.dataset.draft);
  grow(box);
  const { channelId, thread } = box.closest(".composer").dataset;
  state.isSaying = true;
  doIt("say", { channel: channelId, text, thread: thread || null }, `say|${text}`);
}

// --- commands ------------------------------------------------------------------------------------------

/** What may follow what is typed: registered commands, then the words of a command's usage hint. */
function completions(text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const found = [];
  for (const { command, description, usage_hint: hint } of state.team.commands) {
    if (command.startsWith(text)) found.push({ text: command, more: description ?? "", hint });
    const words = /^\[(.+)\]$/.exec(hint ?? "")?.[1].split("|").map((word) => word.trim()) ?? [];
    for (const word of words) {
      const whole = `${command} ${word}`;
      if (whole.startsWith(text)) found.push({ text: whole, more: "" });
    }
  }
  return found;
}

function suggest(box) {
  const entries = completions(box.value);
  if (!entries.length || (entries.length === 1 && entries[0].text === box.value)) {
    if (choice) closePopup();
    return;
  }
  const nodes = entries.map((entry, at) => h("div",
    { role: "option", id: `command-${at}`, class: "option command", "aria-selected": "false" },
    h("span", { class: "option-name" }, entry.text),
    h("span", { class: "faint" }, entry.more)));
  const list = h("div", { role: "listbox", id: "commands", class: "options", "aria-label": "Commands" }, nodes);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  nodes.forEach((node, at) => node.addEventListener("click", () => take(at)));
  openPopup(box, list, { side: "above", isSilent: true, onClose: () => (choice = null) });
  box.setAttribute("aria-controls", "commands");
  choice = { box, entries, nodes, at: -1 };
}

function take(at) {
  const { box, entries } = choice;
  const { text, hint } = entries[at];
  closePopup();
  box.value = hint ? `${text} ` : text;
  box.focus();
  drafts.set(box.dataset.draft, box.value);
  suggest(box);
}

function point(at) {
  choice.nodes[choice.at]?.setAttribute("aria-selected", "false");
  choice.nodes[choice.at]?.classList.remove("is-active");
  choice.at = (at + choice.nodes.length) % choice.nodes.length;
  const node = choice.nodes[choice.at];
  node.setAttribute("aria-selected", "true");
  node.classList.add("is-active");
  node.scrollIntoView({ block: "nearest" });
  choice.box.setAttribute("aria-activedescendant", node.id);
}

/** Keys of the box. Enter takes what is pointed at, else sends; a half-typed command is completed first. */
function onKey(event) {
  const box = event.target;
  if (!box.dataset?.draft || event.isComposing) return;
  const isChoosing = choice?.box === box && isOpen(box);
  if (isChoosing && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const isFirst = choice.at < 0 && event.key === "ArrowUp";
    point(isFirst ? -1 : choice.at + (event.key === "ArrowDown" ? 1 : -1));
  } else if (isChoosing && event.key === "Escape") {
    event.preventDefault();
    closePopup();
  } else if (isChoosing && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    take(Math.max(choice.at, 0));
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    const isHalf = isChoosing && !state.team.commands.some(({ command }) => box.value.startsWith(command));
    if (isChoosing && (choice.at >= 0 || isHalf)) take(Math.max(choice.at, 0));
    else send(box);
  }
}

// --- files and shortcuts -------------------------------------------------------------------------------

function tray(button) {
  if (isOpen(button)) return closePopup();
  const channel = button.dataset.tray;
  const rows = state.team.samples.map(({ name, size }) => {
    const row = h("li", { draggable: "true" },
      badge(name),
      fileWords(name, size),
      h("button", { type: "button", class: "button", "aria-label": `Share ${name}` }, "Share"));
    row.addEventListener("dragstart", (event) => carry(event.dataTransfer, name));
    row.addEventListener("dragend", () => closePopup());
    row.querySelector("button").addEventListener("click", async () => {
      closePopup({ refocus: true });
      const file = await during("share", () => sample(name));
      if (file) await share(channel, [file]);
    });
    return row;
  });
  const body = h("div", { class: "tray", role: "dialog", "aria-label": "Sample files" },
    h("p", { class: "faint" },
      "Drag one into the conversation, or share it here. In a form, choose it under the file field."),
    h("ul", {}, rows));
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    closePopup({ refocus: true });
  });
  openPopup(button, body, { side: "above" });
  return body.querySelector("button").focus();
}

function shortcuts(button) {
  const entries = state.team.shortcuts.filter(({ kind }) => kind === "global").map(({ name }) => ({
    name,
    pick: () => doIt("shortcut", { name }, `shortcut|${name}`),
  }));
  openMenu(button, "Shortcuts", entries);
}

function onClick(event) {
  const { target } = event;
  const [sends, trays, cuts] = ["[data-send]", "[data-tray]", "[data-shortcuts]"].map((one) => target.closest(one));
  if (sends) {
    const box = sends.closest(".composer").querySelector("textarea");
    send(box);
    box.focus();
  } else if (trays) tray(trays);
  else if (cuts) shortcuts(cuts);
}

/** Listen to the whole page. */
export function listen() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (!box.dataset?.draft) return;
    drafts.set(box.dataset.draft, box.value);
    grow(box);
    suggest(box);
  });
  document.addEventListener("change", (event) => {
    const { share: channel } = event.target.dataset ?? {};
    if (!channel) return;
    const files = [...event.target.files];
    event.target.value = "";
    share(channel, files);
  });
}
