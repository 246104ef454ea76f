// Where the person is, and who it is.

import { doIt } from "./doing.js";
import { follow, redraw, refresh } from "./loop.js";
import { names } from "./names.js";
import { keepSeat, seat, state } from "./state.js";

/** Go to a channel (`channel`) or the app's Home (`home`, with the id of its direct messages). */
export async function goTo(place) {
  state.place = place;
  state.thread = "";
  state.isDrawerOpen = false;
  keepSeat();
  redraw();
  if (place.kind === "home") await doIt("home", {}, "home");
  else await refresh();
}

/** Take another person's seat; everyone starts in the first channel. */
export async function sitAs(person) {
  state.person = names.me = person;
  state.place = { kind: "none", id: "" };
  state.screen = null;
  follow();
  await refresh();
  const first = state.screen?.channels.find((one) => !one.is_im);
  if (first) await goTo({ kind: "channel", id: first.id });
}

/** Where this tab was before it was loaded again, if that is still there. */
export async function sitDown() {
  const people = state.team.people.filter((one) => !one.is_bot);
  const before = seat();
  const isKnown = people.some((one) => one.id === before.person);
  await sitAs(isKnown ? before.person : people[0].id);
  const place = isKnown && before.place;
  if (place && state.screen?.channels.some((one) => one.id === place.id)) await goTo(place);
}
