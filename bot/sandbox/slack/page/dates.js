// Days and times as Slack writes them, in the reader's own time zone.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const make = (options) => new Intl.DateTimeFormat(undefined, options);
const TIME = make({ hour: "2-digit", minute: "2-digit" });
const SECONDS = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const NUMBERS = make({ year: "numeric", month: "2-digit", day: "2-digit" });
const SHORT = make({ day: "numeric", month: "short", year: "numeric" });
const PLAIN = make({ day: "numeric", month: "long", year: "numeric" });
const LONG = make({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const DAY = make({ weekday: "long", day: "numeric", month: "long" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

const at = (seconds) => new Date(seconds * 1000);

/** The time of a message's ts. */
export const timeOf = (ts) => TIME.format(at(Number(ts)));

/** Time with its day, to be read when one points at it. */
export const fullTimeOf = (ts) => `${LONG.format(at(Number(ts)))}, ${SECONDS.format(at(Number(ts)))}`;

/** A day's heading: Today, Yesterday, or its name. */
export const dayOf = (ts) => pretty(at(Number(ts)), DAY);

function pretty(date, otherwise) {
  const today = new Date();
  const ago = Math.round((midnight(today) - midnight(date)) / 86_400_000);
  const name = { 0: "Today", 1: "Yesterday", [-1]: "Tomorrow" }[ago];
  return name ?? otherwise.format(date);
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const FORMS = {
  date_num: (date) => NUMBERS.format(date),
  date_slash: (date) => NUMBERS.format(date),
  date: (date) => PLAIN.format(date),
  date_short: (date) => SHORT.format(date),
  date_long: (date) => LONG.format(date),
  date_pretty: (date) => pretty(date, PLAIN),
  date_short_pretty: (date) => pretty(date, SHORT),
  date_long_pretty: (date) => pretty(date, LONG),
  time: (date) => TIME.format(date),
  time_secs: (date) => SECONDS.format(date),
  ago,
};

/** A date in one of Slack's forms; empty when the stamp or the form is none. */
export function written(seconds, form) {
  const date = at(seconds);
  if (Number.isNaN(date.getTime()) || !form) return "";
  return form.replace(/\{(\w+)\}/g, (token, name) => FORMS[name]?.(date) ?? token);
}
