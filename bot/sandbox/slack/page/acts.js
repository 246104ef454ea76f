// What a click, a key or a choice means. One listener each, on the whole page: nodes come and go.

import { give, sample } from "./api.js";
import { agreed } from "./confirm.js";
import { settle } from "./dom.js";
import { doIt, during, giveFile, idsOf, keyAt, placeOf, say, settled, typedInto } from "./doing.js";
import { dropped, isFile } from "./files.js";
import { redraw } from "./loop.js";
import { isSafe, words } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { state } from "./state.js";

const SETTLING = 700;

/** One act on an element, a press not twice at once. Ids are taken before the question: it may be gone after. */
async function act(node, verb, more = {}) {
  const given = { ...idsOf(node), ...more };
  const key = keyAt(node);
  if (verb === "press" && state.pending.has(key)) return;
  if (await agreed(node)) await doIt(verb, given, key);
  else if (node.isConnected) settle(node.closest("[data-action]"));
}

const CLICKS = {
  async press(node, event) {
    const address = node.getAttribute("href");
    if (address && node.closest("[data-confirm]")) {
      event.preventDefault();
      const given = idsOf(node);
      if (!(await agreed(node))) return;
      window.open(address, "_blank", "noopener");
      await doIt("press", given, keyAt(node));
      return;
    }
    await act(node, "press");
  },
  menu(node) {
    const entries = JSON.parse(node.dataset.options).map((option) => ({
      name: words(option.text),
      more: words(option.description),
      href: isSafe(option.url ?? "") ? option.url : null,
      pick: () => act(node, "pick", { value: option.value }),
    }));
    openMenu(node, node.getAttribute("aria-label"), entries);
  },
  clear: (node) => act(node, "clear"),
  unchoose: (node) => act(node, "unchoose", { value: node.dataset.value }),
  detach: (node) => act(node, "detach", { file: node.dataset.value }),
  async "attach-sample"(node) {
    const file = await during(keyAt(node), () => sample(node.dataset.value));
    if (file && node.isConnected) await attach(node, [file]);
  },
  submit: (node) => submit(node),
  close: (node) => close(node, false),
  "close-all": (node) => close(node, true),
  async shortcut(node) {
    const message = node.closest("[data-ts]") ? placeOf(node) : {};
    await doIt("shortcut", { name: node.dataset.value, ...message });
  },
};

const CHANGES = {
  tick: (node) => act(node, "tick", { value: node.value, on: node.checked }),
  choose: (node) => act(node, "choose", { value: node.value }),
  fill(node) {
    if (node.dataset.tell === "settled") typedInto(node, { finished: true, delay: SETTLING });
  },
  attach(node) {
    const files = [...node.files];
    node.value = "";
    return attach(node, files);
  },
};

/** Give files to a file input, one after the other; what is refused is said under it. */
async function attach(node, files) {
  const given = idsOf(node);
  const key = keyAt(node);
  const fault = `${given.view ?? given.ts}|${given.block}`;
  state.faults.delete(fault);
  for (const file of files) {
    const giving = () => give(state.person, "attach", given, file);
    await during(key, () => giving().catch((refusal) => state.faults.set(fault, refusal.message)));
  }
}

/** Press the submit of the window in front. */
export async function submit(node) {
  const given = placeOf(node);
  const key = `${given.view}|submit`;
  if (state.pending.has(key)) return;
  await doIt("submit", given, key);
  document.querySelector("#view [aria-invalid=true]")?.focus();
}

/** Close the window in front, or all. */
export function close(node, everything) {
  return doIt("close", { ...placeOf(node), everything }, `${placeOf(node).view}|close`);
}

/** Share files where the person is. */
export async function share(channel, files) {
  for (const file of files) await giveFile("share", { channel }, file, "share");
}

function onClick(event) {
  const node = event.target.closest("[data-do]");
  CLICKS[node?.dataset.do]?.(node, event);
}

function onChange(event) {
  CHANGES[event.target.dataset?.do]?.(event.target);
}

function onInput(event) {
  const field = event.target;
  if (field.dataset?.do !== "fill") return;
  const tell = field.dataset.tell;
  if (tell === "settled") typedInto(field, { finished: true, delay: SETTLING });
  else typedInto(field, { finished: tell === "typing" });
}

function onKey(event) {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || field.dataset?.do !== "fill") return;
  const isLong = field.tagName === "TEXTAREA";
  if (isLong && !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  if (field.dataset.tell === "settled" || (field.dataset.tell === "enter" && !isLong)) {
    typedInto(field, { finished: true, delay: 0 });
    return;
  }
  const button = document.querySelector("#view [data-do=submit]");
  if (button?.closest("#view").contains(field)) submit(button);
}

function onBlur(event) {
  if (event.target.dataset?.do === "fill") settled();
}

// --- dropping ------------------------------------------------------------------------------------------

function onDrag(event) {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone || !isFile(event.dataTransfer)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  zone.classList.add("is-target");
}

function onLeave(event) {
  const zone = event.target.closest?.("[data-drop]");
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-target");
}

async function onDrop(event) {
  const zone = event.target.closest?.("[data-drop]");
  if (!isFile(event.dataTransfer)) return;
  event.preventDefault();
  zone?.classList.remove("is-target");
  if (!zone) return;
  try {
    const files = await dropped(event.dataTransfer);
    if (zone.dataset.drop === "attach") await attach(zone, files);
    else await share(zone.dataset.drop, files);
  } catch (refusal) {
    say(refusal.message);
  }
  redraw();
}

/** Listen to the whole page. */
export function listen() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", onBlur);
  document.addEventListener("dragover", onDrag);
  document.addEventListener("dragleave", onLeave);
  document.addEventListener("drop", onDrop);
}
