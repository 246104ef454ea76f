// A page that looks and behaves like Slack: a thin client of the simulated workspace.
// It draws what one person sees and sends what they do; every rule is on the other side.

import * as acts from "./acts.js";
import * as api from "./api.js";
import * as composer from "./composer.js";
import { h, show } from "./dom.js";
import * as frame from "./frame.js";
import { onDraw } from "./loop.js";
import * as modal from "./modal.js";
import { names } from "./names.js";
import { pane, threadPane } from "./pane.js";
import { sitDown } from "./places.js";
import { steadyPopup } from "./popup.js";
import * as selects from "./selects.js";
import { applyTheme, markRead, state } from "./state.js";

const NEAR = 80;
const unseen = new WeakSet();
const app = document.getElementById("app");

function draw() {
  if (!state.screen) return;
  const { channels } = state.screen;
  names.channels = new Map(channels.filter((one) => !one.is_im).map((one) => [one.id, one.name]));
  if (state.place.kind === "channel") markRead(channels.find((one) => one.id === state.place.id));
  const logs = [...app.querySelectorAll(".messages")].map(heightOf);
  show(app,
    frame.topBar(),
    h("div", { class: state.isDrawerOpen ? "frame drawer-open" : "frame" },
      frame.sidebar(),
      h("div", { class: "shade", "data-go": "drawer", hidden: !state.isDrawerOpen }),
      pane(), threadPane()),
    h("p", { class: "lost", role: "status", hidden: !state.isLost },
      "The simulated Slack does not answer. Waiting for it …"));
  app.toggleAttribute("data-busy", state.pending.size > 0);
  composer.restoreDrafts();
  followLogs(logs);
  modal.drawModal();
  steadyPopup();
}

function heightOf(log) {
  return { log, last: lastIn(log), isLow: log.scrollHeight - log.scrollTop - log.clientHeight < NEAR };
}

const lastIn = (log) => log.lastElementChild?.dataset.key;

/** Who reads the newest goes on reading the newest; who has scrolled up is told of it. */
function followLogs(before) {
  for (const log of app.querySelectorAll(".messages")) {
    const known = before.find((one) => one.log === log);
    const isNew = !known || known.last !== lastIn(log);
    if (!known || known.isLow || (isNew && state.isSaying)) log.scrollTop = log.scrollHeight;
    else if (isNew) unseen.add(log);
    if (heightOf(log).isLow) unseen.delete(log);
    const newer = log.parentElement.querySelector(".newer");
    if (newer) newer.hidden = !unseen.has(log);
    if (isNew) state.isSaying = false;
  }
}

async function start() {
  applyTheme();
  onDraw(draw);
  for (const part of [acts, selects, composer, frame, modal]) part.listen();
  state.team = await api.team();
  names.people = new Map(state.team.people.map((person) => [person.id, person]));
  document.title = `${state.team.team.name} (simulated Slack)`;
  await sitDown();
}

start().catch((fault) => {
  app.replaceChildren(h("p", { class: "starting", role: "alert" }, fault.message));
});
