// Reading what the person sees whenever something has changed, and drawing it.

import * as api from "./api.js";
import { state } from "./state.js";

let draw = () => {};
let reading = null;
let isStale = false;
let isDrawing = false;
let stop = () => {};

/** `drawing` draws everything from `state`. */
export function onDraw(drawing) {
  draw = drawing;
}

/** Draw in the next frame; many wishes are one drawing. */
export function redraw() {
  if (isDrawing) return;
  isDrawing = true;
  queueMicrotask(() => {
    isDrawing = false;
    draw();
  });
}

/** Read the screen anew; resolves when what is shown is at least as new as this call. */
export function refresh() {
  isStale = true;
  reading ??= read().finally(() => {
    reading = null;
  });
  return reading;
}

async function read() {
  while (isStale) {
    isStale = false;
    const { person, place } = state;
    const channel = place.kind === "channel" ? place.id : "";
    try {
      const screen = await api.screen(person, channel);
      if (person !== state.person || place !== state.place) isStale = true;
      else state.screen = screen;
      state.isLost = false;
    } catch {
      state.isLost = true;
    }
    redraw();
  }
}

/** Follow the changes that this person can see. */
export function follow() {
  stop();
  stop = api.listen(state.person, refresh, (isLost) => {
    state.isLost = isLost;
    redraw();
  });
}
