// Doing something for the person: one at a time per element, shown while it lasts, said when it is refused.

import * as api from "./api.js";
import { redraw, refresh } from "./loop.js";
import { state } from "./state.js";

const waiting = new Map();
let last = Promise.resolve();

/** Where an element stands, as the simulated Slack wants to know. */
export function idsOf(node) {
  const element = node.closest("[data-action]");
  return { ...placeOf(node), block: element.dataset.block, action: element.dataset.action };
}

/** The view or message around a node. */
export function placeOf(node) {
  const { view, ts, channel } = node.closest("[data-view], [data-ts]").dataset;
  return view ? { view } : { channel, ts };
}

/** The element's name within the page. */
export const keyAt = (node) => node.closest("[data-action]").dataset.key;

/** Do it, after everything that was typed; `key` is shown as busy. The answer, or null when refused. */
export function doIt(verb, given, key) {
  return during(key, async () => {
    await settled();
    return api.act(state.person, verb, given);
  });
}

/** Give a file's bytes. */
export function giveFile(verb, given, file, key) {
  return during(key, () => api.give(state.person, verb, given, file));
}

/** Something that takes a while: busy until it is done and seen, and its refusal is said. */
export async function during(key, work) {
  if (key) state.pending.add(key);
  redraw();
  try {
    return await work();
  } catch (refusal) {
    say(refusal.message);
    return null;
  } finally {
    await refresh();
    state.pending.delete(key);
    redraw();
  }
}

// --- typing --------------------------------------------------------------------------------------------

/** What stands in a field goes to the simulated Slack a moment after the last key. */
export function typedInto(field, { finished = false, delay = 120 } = {}) {
  const [ids, key] = [idsOf(field), keyAt(field)];
  clearTimeout(waiting.get(key)?.timer);
  const send = () => {
    waiting.delete(key);
    const text = textOf(field);
    last = last.then(() => fill({ ...ids, text, finished }, key));
  };
  state.pending.add(key);
  field.setAttribute("data-pending", "");
  waiting.set(key, { send, timer: setTimeout(send, delay) });
}

async function fill({ text, ...given }, key) {
  const verb = text ? "fill" : "clear";
  try {
    await api.act(state.person, verb, text ? { ...given, text } : given);
  } catch (refusal) {
    say(refusal.message);
  }
  await refresh();
  if (!waiting.has(key)) state.pending.delete(key);
  redraw();
}

function textOf(field) {
  if (field.type !== "datetime-local" || !field.value) return field.value;
  return String(Math.round(new Date(field.value).getTime() / 1000));
}

/** Everything typed has arrived. */
export async function settled() {
  for (const { send, timer } of [...waiting.values()]) {
    clearTimeout(timer);
    send();
  }
  await last;
}

// --- saying --------------------------------------------------------------------------------------------

let fading;

/** A line at the bottom of the page, for a while. */
export function say(text) {
  const toast = document.getElementById("toast");
  toast.popover = "manual";
  toast.textContent = text;
  toast.hidePopover();
  toast.showPopover();
  clearTimeout(fading);
  fading = setTimeout(() => toast.hidePopover(), 6000);
}
