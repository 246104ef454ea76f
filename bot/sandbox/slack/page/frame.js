// What stands around the conversation: the top bar, the list of channels and apps, the switch of people.

import { h, icon } from "./dom.js";
import { goTo, sitAs } from "./places.js";
import { redraw } from "./loop.js";
import { avatar } from "./messages.js";
import { openMenu, opens } from "./popup.js";
import { isDark, setTheme, state, unread } from "./state.js";

const BARS = "M3 5h14M3 10h14M3 15h14";
const MOON = "M16 12A7 7 0 0 1 8 4a7 7 0 1 0 8 8z";
const RAYS = "M10 1v2M10 17v2M1 10h2M17 10h2M3.6 3.6l1.4 1.4M15 15l1.4 1.4M3.6 16.4L5 15M15 5l1.4-1.4";
const SUN = `M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8z${RAYS}`;
const OUT = "M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8";
const DOWN = "M5 8l5 5 5-5";

/** The bar at the top. */
export function topBar() {
  const me = state.team.people.find((person) => person.id === state.person);
  const other = isDark() ? "light" : "dark";
  return h("header", { class: "top" },
    h("button",
      {
        type: "button",
        class: "bare drawer-button",
        "data-go": "drawer",
        "aria-label": "Channels and apps",
        "aria-expanded": String(state.isDrawerOpen),
      },
      icon(BARS)),
    h("div", { class: "brand" },
      h("span", { class: "team-mark", "aria-hidden": "true" }, state.team.team.name[0]),
      h("span", { class: "team-name" }, state.team.team.name),
      h("span", { class: "simulated" }, "Simulated Slack")),
    h("nav", { class: "links", "aria-label": "Beside Slack" },
      Object.entries(state.team.links).map(([name, address]) =>
        h("a", { href: address, target: "_blank", rel: "noopener" }, name, icon(OUT),
          h("span", { class: "hidden" }, " (opens a new tab)")))),
    h("button",
      { type: "button", class: "bare", "data-go": "theme", "data-value": other, "aria-label": `Switch to ${other}` },
      icon(isDark() ? SUN : MOON)),
    h("button",
      {
        type: "button",
        class: "seat",
        "data-go": "people",
        "data-right": true,
        ...opens("menu"),
        "aria-label": `You are ${me.real_name}, ${me.title}`,
      },
      avatar(me.id, me.real_name, "small"),
      h("span", { class: "seat-words" },
        h("span", { class: "seat-name" }, me.real_name), h("span", { class: "seat-title" }, me.title)),
      icon(DOWN)));
}

/** The list of channels and apps. */
export function sidebar() {
  const { channels } = state.screen;
  const direct = channels.find((one) => one.is_im);
  const isNarrow = matchMedia("(max-width: 760px)").matches;
  return h("nav", { class: "sidebar", "aria-label": "Channels and apps", inert: isNarrow && !state.isDrawerOpen },
    h("h2", {}, "Channels"),
    h("ul", {}, channels.filter((one) => !one.is_im).map((one) =>
      entry("channel", one.id, one.name, unread(one), h("span", { class: "hash", "aria-hidden": "true" }, "#")))),
    h("h2", {}, "Apps"),
    h("ul", {}, direct && entry("app", direct.id, state.team.bot.name, unread(direct),
      avatar(state.team.bot.id, state.team.bot.name, "tiny"))),
    h("p", { class: "about" },
      "This is a stand-in for Slack on your own machine. The bot in it is the real one."));
}

function entry(kind, id, name, count, picture) {
  const { place } = state;
  const isHere = place.id === id || (kind === "app" && place.kind === "home");
  const isNew = count > 0 && !(place.kind === "channel" && place.id === id);
  return h("li", {}, h("button",
    {
      type: "button",
      class: isNew ? "place new" : "place",
      "data-go": kind,
      "data-value": id,
      "aria-current": isHere ? "page" : null,
    },
    picture, h("span", { class: "place-name" }, name),
    isNew && h("span", { class: "count" }, String(count), h("span", { class: "hidden" }, " unread"))));
}

function people(button) {
  const entries = state.team.people.filter((one) => !one.is_bot).map((one) => ({
    name: one.real_name,
    more: one.title,
    picture: avatar(one.id, one.real_name, "small"),
    isChosen: one.id === state.person,
    pick: () => sitAs(one.id),
  }));
  openMenu(button, "Act as", entries);
}

const GOES = {
  channel: (node) => goTo({ kind: "channel", id: node.dataset.value }),
  app: (node) => goTo({ kind: "home", id: node.dataset.value }),
  home: (node) => goTo({ kind: "home", id: node.dataset.value }),
  thread(node) {
    state.thread = node.dataset.value;
    redraw();
    document.querySelector(".thread textarea")?.focus();
  },
  "close-thread"() {
    state.thread = "";
    redraw();
  },
  drawer() {
    state.isDrawerOpen = !state.isDrawerOpen;
    redraw();
  },
  theme(node) {
    setTheme(node.dataset.value);
    redraw();
  },
  people,
  bottom() {
    const list = document.querySelector(".pane .messages");
    list.scrollTop = list.scrollHeight;
  },
};

/** Listen to the whole page. */
export function listen() {
  document.addEventListener("click", (event) => {
    const node = event.target.closest("[data-go]");
    GOES[node?.dataset.go]?.(node);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (!state.isDrawerOpen && !state.thread) return;
    if (state.isDrawerOpen) state.isDrawerOpen = false;
    else state.thread = "";
    redraw();
  });
  addEventListener("resize", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
