// What the page knows: from the simulated Slack, and of its own person in front of the screen.

export const state = {
  /** Names, links, commands, samples; once. */
  team: null,
  /** What the person sees, as last read. */
  screen: null,
  /** The person's id. */
  person: "",
  /** `channel` with its id, `home`, or `none`. */
  place: { kind: "none", id: "" },
  /** The ts of the message whose thread is open. */
  thread: "",
  /** Elements with an act under way, by key. */
  pending: new Set(),
  /** What went wrong under a field on this side: a file of the wrong kind. */
  faults: new Map(),
  /** Something was just said from this page: show where it appears. */
  isSaying: false,
  isLost: false,
  isDrawerOpen: false,
};

const MARKS = "read-marks";
const SEAT = "seat";

const store = {
  get(kind, name) {
    try {
      return JSON.parse(kind.getItem(name) ?? "null");
    } catch {
      return null;
    }
  },
  set(kind, name, value) {
    try {
      kind.setItem(name, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing: the page works, and starts afresh when it is loaded again.
    }
  },
};

const marks = store.get(sessionStorage, MARKS) ?? {};

/** Everything said here so far has been seen. */
export function markRead(channel) {
  const last = channel?.said.at(-1);
  const mark = `${state.person}|${channel?.id}`;
  if (!last || marks[mark] === last) return;
  marks[mark] = last;
  store.set(sessionStorage, MARKS, marks);
}

/** How many messages of a channel the person has not seen. */
export function unread(channel) {
  const seen = marks[`${state.person}|${channel.id}`] ?? "";
  return channel.said.filter((ts) => ts > seen).length;
}

/** Who sat here, and where they were, when the page was last open in this tab. */
export const seat = () => store.get(sessionStorage, SEAT) ?? {};
export const keepSeat = () => store.set(sessionStorage, SEAT, { person: state.person, place: state.place });

/** `light`, `dark`, or empty: as the system has it. */
export const theme = () => store.get(localStorage, "theme") ?? "";

export function setTheme(name) {
  store.set(localStorage, "theme", name);
  applyTheme();
}

export function applyTheme() {
  if (theme()) document.documentElement.dataset.theme = theme();
  else delete document.documentElement.dataset.theme;
}

/** Whether it is dark now. */
export const isDark = () =>
  theme() ? theme() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
