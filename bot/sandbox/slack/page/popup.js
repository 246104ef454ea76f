// One thing that floats at a time: a menu, a list of options, a tray. It stands outside of what is redrawn.

import { h } from "./dom.js";

let open = null;

/** Show `node` by its anchor until the next click elsewhere, or `close`. */
export function openPopup(anchor, node, { onClose, side = "below", isSilent = false } = {}) {
  closePopup();
  const box = h("div", { class: "popup", popover: "manual" }, node);
  (anchor.closest("dialog[open]") ?? document.body).append(box);
  box.showPopover();
  open = { anchor, box, onClose, side, isSilent };
  if (!isSilent) anchor.setAttribute("aria-expanded", "true");
  place();
  return box;
}

/** What a button says of itself that opens one: a `menu`, a `dialog`. */
export const opens = (kind) => ({ "aria-haspopup": kind, "aria-expanded": "false" });

/** Put what is open away; whether there was something. */
export function closePopup({ refocus = false } = {}) {
  if (!open) return false;
  const { anchor, box, onClose, isSilent } = open;
  open = null;
  box.remove();
  if (!isSilent) anchor.setAttribute("aria-expanded", "false");
  anchor.removeAttribute("aria-activedescendant");
  anchor.removeAttribute("aria-controls");
  if (refocus && anchor.isConnected) anchor.focus();
  onClose?.();
  return true;
}

/** Whether something floats by this anchor (or by any). */
export const isOpen = (anchor) => Boolean(open) && (!anchor || open.anchor === anchor);

/** What is redrawn loses its anchor's marks: put them back, or close when the anchor is gone. */
export function steadyPopup() {
  if (!open) return;
  if (!open.anchor.isConnected || open.anchor.closest("[inert]")) closePopup();
  else {
    if (!open.isSilent) open.anchor.setAttribute("aria-expanded", "true");
    const list = open.box.querySelector("[role=listbox]");
    if (list) open.anchor.setAttribute("aria-controls", list.id);
    place();
  }
}

/** Beside the anchor, where there is room. */
export function place() {
  if (!open) return;
  const { anchor, box, side } = open;
  const by = frameOf(anchor).getBoundingClientRect();
  box.style.minWidth = `${Math.min(by.width, innerWidth - 16)}px`;
  const { width, height } = box.getBoundingClientRect();
  const below = innerHeight - by.bottom - 8;
  const isBelow = side === "below" ? below >= height || below >= by.top : by.top < height && below > by.top;
  box.style.maxHeight = `${Math.max(120, isBelow ? below : by.top - 8)}px`;
  const kept = Math.min(height, isBelow ? below : by.top - 8);
  box.style.top = `${isBelow ? by.bottom + 4 : Math.max(4, by.top - kept - 4)}px`;
  const isRight = anchor.hasAttribute("data-right");
  const left = isRight ? by.right - width : by.left;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

/** What the eye takes for the anchor: a field's frame. */
function frameOf(anchor) {
  return (anchor.matches("input, textarea") && anchor.closest(".select, .composer-box")) || anchor;
}

addEventListener("resize", place);
addEventListener("scroll", place, true);
document.addEventListener("pointerdown", (event) => {
  if (!open || open.box.contains(event.target) || open.anchor.contains(event.target)) return;
  closePopup();
});

/** A menu of entries `{name, more, href, pick, isChosen}`; arrows move, Escape goes back to its button. */
export function openMenu(anchor, label, entries) {
  const items = entries.map(menuItem);
  const list = h("div", { role: "menu", class: "menu", "aria-label": label }, items);
  const box = openPopup(anchor, list);
  items.forEach((item, at) =>
    item.addEventListener("click", () => {
      closePopup({ refocus: true });
      entries[at].pick();
    }));
  list.addEventListener("keydown", (event) => walk(event, items));
  (items.find((item) => item.getAttribute("aria-checked") === "true") ?? items[0])?.focus();
  return box;
}

function menuItem(entry) {
  const isChoice = entry.isChosen !== undefined;
  const attributes = {
    class: "menu-item",
    role: isChoice ? "menuitemradio" : "menuitem",
    "aria-checked": isChoice ? String(entry.isChosen) : null,
    tabindex: "-1",
  };
  const inside = [entry.picture, h("span", { class: "menu-words" },
    h("span", { class: "menu-name" }, entry.name), entry.more && h("span", { class: "faint" }, entry.more))];
  if (!entry.href) return h("button", { type: "button", ...attributes }, inside);
  return h("a", { href: entry.href, target: "_blank", rel: "noopener noreferrer", ...attributes }, inside);
}

function walk(event, items) {
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) {
    event.preventDefault();
    items.at(steps[event.key] % items.length).focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closePopup({ refocus: true });
  }
}
