// The window in front, with the stack behind it. Everything else waits until it is closed.
// https://docs.slack.dev/surfaces/modals

import { close } from "./acts.js";
import { blocks } from "./blocks.js";
import { h, icon, show } from "./dom.js";
import { state } from "./state.js";

const BACK = "M12 4l-6 6 6 6";
const CROSS = "M5 5l10 10M15 5L5 15";
const FIELDS = "input, textarea";
const dialog = document.getElementById("modal");
const holder = document.getElementById("view");
let shown = "";

/** Draw the top of the person's stack, or nothing. */
export function drawModal() {
  const view = state.screen?.modals.at(-1);
  if (!view) {
    shown = "";
    if (dialog.open) dialog.close();
    holder.replaceChildren();
    return;
  }
  const isNew = shown !== view.id;
  const hadFocus = holder.contains(document.activeElement);
  shown = view.id;
  show(holder, frame(view));
  if (!dialog.open) dialog.showModal();
  if (isNew || (hadFocus && !holder.contains(document.activeElement))) focusFirst();
}

function focusFirst() {
  if (document.getElementById("confirm").open) return;
  const body = holder.querySelector(".view-blocks");
  const wanted = body.querySelector("[autofocus]") ?? body.querySelector(FIELDS);
  (wanted ?? holder.querySelector("[data-do=submit]") ?? holder.querySelector(".foot [data-do=close]")).focus();
}

function frame(view) {
  const where = { place: view.id, values: view.values, errors: view.errors };
  const isBusy = [...state.pending].some((key) => key.startsWith(`${view.id}|`));
  return h("div", { class: "view", "data-view": view.id, "data-key": view.id },
    h("div", { class: "view-head" },
      view.depth > 1 && h("button",
        { type: "button", class: "bare", "data-do": "close", "aria-label": "Back" }, icon(BACK)),
      h("span", { class: "avatar bot small", "aria-hidden": "true" }, "D"),
      h("h2", { id: "modal-title" }, view.title),
      h("button",
        {
          type: "button",
          class: "bare",
          "data-do": view.depth > 1 ? "close-all" : "close",
          "aria-label": view.depth > 1 ? "Close all" : "Close this window",
        },
        icon(CROSS))),
    h("div", { class: isBusy ? "progress is-busy" : "progress", role: "status" },
      isBusy && h("span", { class: "hidden" }, "Working …")),
    view.trouble && h("p", { class: "trouble", role: "alert" }, view.trouble),
    h("div", { class: "view-blocks", tabindex: "0", role: "group", "aria-label": view.title },
      blocks(view.blocks, where)),
    foot(view));
}

function foot(view) {
  const isSubmitting = state.pending.has(`${view.id}|submit`);
  return h("div", { class: "foot" },
    h("button", { type: "button", class: "button", "data-do": "close" }, view.close),
    view.submit && h("button",
      { type: "button", class: "button primary", "data-do": "submit", "aria-busy": isSubmitting ? "true" : null },
      h("span", { class: "button-label" }, view.submit)));
}

const front = () => holder.querySelector("[data-view]");

/** Escape closes the window in front; so does the browser's own way of closing a dialog. */
export function listen() {
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (front()) close(front(), false);
  });
  dialog.addEventListener("close", () => {
    if (front() && state.screen?.modals.length) close(front(), false);
  });
}
