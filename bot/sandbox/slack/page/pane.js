// The middle of the page: a conversation, the app's Home, and a thread beside it.

import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { avatar, conversation, thread } from "./messages.js";
import { state } from "./state.js";

const CROSS = "M5 5l10 10M15 5L5 15";

/** The pane for where the person is. */
export function pane() {
  const { place, screen } = state;
  const channel = screen.channels.find((one) => one.id === place.id);
  if (!channel) return h("main", { class: "pane", "data-key": "none" });
  if (place.kind === "home") return homePane(channel);
  const name = channel.is_im ? channel.name : `#${channel.name}`;
  return h("main", { class: "pane", "data-key": `pane-${channel.id}`, "data-drop": channel.id },
    channel.is_im ? appHead(channel, "messages") : channelHead(channel),
    h("div", { class: "messages", ...log(channel.id, `Messages in ${name}`) },
      !channel.is_im && welcome(channel),
      conversation(screen.messages, `log-${channel.id}`)),
    h("button", { type: "button", class: "newer", "data-go": "bottom", hidden: true }, "New messages ↓"),
    h("p", { class: "drop-note", "aria-hidden": "true" }, `Drop to share in ${name}`),
    composer(channel.id, name));
}

const log = (id, label) => ({ role: "log", tabindex: "0", "aria-label": label, "data-key": `log-${id}` });

function channelHead(channel) {
  return h("header", { class: "pane-head" },
    h("h1", {}, h("span", { class: "hash" }, "#"), channel.name),
    h("span", { class: "faint" }, `${channel.members} members`));
}

function welcome(channel) {
  return h("div", { class: "welcome" },
    h("p", { class: "welcome-name" }, `# ${channel.name}`),
    h("p", { class: "faint" },
      `This is the very beginning of #${channel.name}. `,
      `${state.team.bot.name} is here: type / to see its commands.`));
}

function appHead(channel, current) {
  const tabs = [["home", "Home", "home"], ["channel", "Messages", "messages"]];
  return h("header", { class: "pane-head app-head" },
    h("h1", {},
      avatar(state.team.bot.id, channel.name, "small"), channel.name, h("span", { class: "app-mark" }, "APP")),
    h("nav", { class: "tabs", "aria-label": channel.name }, tabs.map(([go, words, name]) =>
      h("button",
        { type: "button", "data-go": go, "data-value": channel.id, "aria-current": name === current ? "page" : null },
        words))));
}

function homePane(channel) {
  const { home } = state.screen;
  return h("main", { class: "pane", "data-key": "pane-home" },
    appHead(channel, "home"),
    h("div", { class: "home", tabindex: "0", role: "region", "aria-label": "Home" },
      home
        ? h("div", { class: "home-blocks", "data-view": home.id, "data-key": home.id },
            home.trouble && h("p", { class: "trouble", role: "alert" }, home.trouble),
            blocks(home.blocks, { place: home.id, values: home.values, errors: home.errors }))
        : h("p", { class: "faint" }, `${channel.name} has not published its Home yet.`)));
}

/** The open thread, if there is one. */
export function threadPane() {
  const root = state.thread;
  if (!root || state.place.kind !== "channel") return null;
  return h("aside", { class: "thread", "aria-label": "Thread", "data-key": `thread-${root}` },
    h("header", { class: "pane-head" },
      h("h2", {}, "Thread"),
      h("button",
        { type: "button", class: "bare", "data-go": "close-thread", "aria-label": "Close thread" }, icon(CROSS))),
    h("div", { class: "messages", ...log(root, "Replies") },
      thread(state.screen.messages, root, `log-${root}`)),
    composer(state.place.id, "", root));
}
