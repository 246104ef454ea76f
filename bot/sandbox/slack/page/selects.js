// Selects: a field one types into, and a list of what fits; the app's own options are asked for as one types.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import * as api from "./api.js";
import { h } from "./dom.js";
import { agreed } from "./confirm.js";
import { doIt, idsOf, keyAt, say } from "./doing.js";
import { unescaped, words } from "./mrkdwn.js";
import { closePopup, isOpen, openPopup, place } from "./popup.js";
import { state } from "./state.js";

const TYPING = 150;
let look = null;

/** Open the list of a select's field. */
function open(field) {
  const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent ?? "Options";
  const list = h("div", { role: "listbox", id: "options", class: "options", "aria-label": label });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  openPopup(field, list, {
    onClose: () => {
      look = null;
      if (field.isConnected && !field.hasAttribute("data-pending")) field.value = field.getAttribute("value") ?? "";
    },
  });
  field.setAttribute("aria-controls", "options");
  look = { field, list, active: -1, items: [], ask: 0 };
  offer("");
  field.select();
}

async function offer(typed) {
  const { field, list } = look;
  const ask = ++look.ask;
  if (field.dataset.offer) return fill(filtered(JSON.parse(field.dataset.offer), typed));
  const least = Number(field.dataset.least ?? 0);
  if (typed.length < least) return note(`Type ${least === 1 ? "a character" : `${least} characters`} or more`);
  if (!list.children.length) note("Loading …");
  try {
    const { options } = await api.act(state.person, "options", { ...idsOf(field), typed });
    if (look?.ask === ask) fill([{ options }]);
  } catch (refusal) {
    if (look?.ask === ask) note(refusal.message);
  }
  return undefined;
}

const reads = (option) => words(option.text).toLowerCase();

function filtered(groups, typed) {
  const wanted = typed.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, options: group.options.filter((one) => reads(one).includes(wanted)) }))
    .filter((group) => group.options.length);
}

function note(text) {
  look.items = [];
  look.active = -1;
  look.field.removeAttribute("aria-activedescendant");
  look.list.replaceChildren(h("div", { class: "note", role: "option", "aria-disabled": "true" }, text));
  place();
}

function fill(groups) {
  const chosen = new Set(chosenValues(look.field));
  look.items = [];
  const nodes = groups.map((group) => {
    const options = group.options.map((one) => item(one, chosen));
    if (!group.label) return options;
    const label = words(group.label);
    return h("div", { role: "group", "aria-label": label },
      h("div", { class: "group-label", "aria-hidden": "true" }, label), options);
  });
  if (!look.items.length) return note("No results");
  look.list.replaceChildren(...nodes.flat());
  point(Math.max(0, look.items.findIndex(({ node }) => node.getAttribute("aria-selected") === "true")));
  place();
  return undefined;
}

function item(option, chosen) {
  const text = option.text.type === "mrkdwn" ? words(option.text) : unescaped(option.text.text);
  const isChosen = String(chosen.has(option.value));
  const node = h("div",
    { role: "option", id: `option-${look.items.length}`, class: "option", "aria-selected": isChosen },
    h("span", { class: "option-name" }, text),
    option.description && h("span", { class: "faint" }, words(option.description)));
  look.items.push({ node, option, text });
  return node;
}

function chosenValues(field) {
  const chips = field.closest(".select").querySelectorAll(".chip");
  if (chips.length) return [...chips].map((chip) => chip.dataset.value);
  const shown = field.getAttribute("value");
  const options = field.dataset.offer ? JSON.parse(field.dataset.offer).flatMap((group) => group.options) : [];
  return options.filter((one) => words(one.text) === shown).map((one) => one.value);
}

function point(at) {
  look.items[look.active]?.node.classList.remove("is-active");
  look.active = at;
  const node = look.items[at]?.node;
  if (!node) return;
  node.classList.add("is-active");
  look.field.setAttribute("aria-activedescendant", node.id);
  node.scrollIntoView({ block: "nearest" });
}

async function choose(at) {
  const { field, items } = look;
  const { option, text } = items[at];
  const isMany = field.dataset.select.startsWith("multi_");
  const [given, key] = [{ ...idsOf(field), value: option.value }, keyAt(field)];
  field.setAttribute("data-pending", "");
  field.value = isMany ? "" : text;
  closePopup();
  if (!(await agreed(field))) {
    field.removeAttribute("data-pending");
    field.value = field.getAttribute("value") ?? "";
    return;
  }
  const done = await doIt("choose", given, key);
  if (!done && field.isConnected) field.value = field.getAttribute("value") ?? "";
}

function onKey(event) {
  const field = event.target;
  if (!field.dataset?.select) return;
  if (!isOpen(field)) {
    if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
      event.preventDefault();
      open(field);
    } else if (event.key === "Backspace" && !field.value) lastChip(field)?.click();
    return;
  }
  const count = look.items.length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (count) point((look.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (look.items[look.active]) choose(look.active).catch((fault) => say(fault.message));
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    closePopup();
  } else if (event.key === "Tab") closePopup();
}

const lastChip = (field) => [...field.closest(".select").querySelectorAll(".chip")].at(-1);

let timer;

function onInput(event) {
  const field = event.target;
  if (!field.dataset?.select) return;
  if (!isOpen(field)) {
    const typed = field.value;
    open(field);
    field.value = typed;
    field.setSelectionRange(typed.length, typed.length);
  }
  clearTimeout(timer);
  timer = setTimeout(() => look && offer(field.value), field.dataset.offer ? 0 : TYPING);
}

function onClick(event) {
  const item = event.target.closest("#options .option");
  if (item && look) {
    look.field.focus();
    choose(look.items.findIndex(({ node }) => node === item)).catch((fault) => say(fault.message));
    return;
  }
  const field = event.target.closest(".select")?.querySelector("[data-select]");
  if (!field || event.target.closest("button")) return;
  field.focus();
  if (!isOpen(field)) open(field);
}

/** Listen to the whole page. */
export function listen() {
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", (event) => {
    if (event.target.dataset?.select && isOpen(event.target)) setTimeout(() => closeLeft(event.target), 0);
  });
}

function closeLeft(field) {
  if (document.activeElement !== field && isOpen(field) && !document.activeElement.closest(".popup")) closePopup();
}
