// Block Kit's elements as fields and buttons. What is done to them is in acts.js and selects.js:
// each node says by its data attributes what it is, and nothing here listens.
// https://docs.slack.dev/reference/block-kit/block-elements

import { h, icon } from "./dom.js";
import { isSafe, textNodes, words } from "./mrkdwn.js";
import { names } from "./names.js";
import { sizeOf } from "./files.js";
import { unknown } from "./richtext.js";
import { state } from "./state.js";

const CROSS = "M5 5l10 10M15 5L5 15";
const DOWN = "M5 8l5 5 5-5";

/** One element. `where` has `place`, a view's id or a message's ts, and `label`, what it is called. */
export function element(block, one, where) {
  const make = KINDS[one.type];
  if (!make) return unknown(one.type);
  const key = keyOf(where.place, block.block_id, one.action_id);
  const at = {
    ...where,
    key,
    id: fieldId(where, block.block_id, one.action_id),
    value: where.values?.[block.block_id]?.[one.action_id],
    label: where.label || words(one.placeholder) || words(block.text) || "Choose",
    isPending: state.pending.has(key),
  };
  const attributes = {
    class: `element e-${one.type}`,
    "data-key": key,
    "data-block": block.block_id,
    "data-action": one.action_id,
    "data-confirm": one.confirm ? JSON.stringify(one.confirm) : null,
  };
  return h("div", attributes, make(one, at, block));
}

/** An element's name within the page. */
const keyOf = (place, block, action) => `${place}|${block}|${action}`;

/** The id of an element's field, for its label; `scope` tells a message from itself in its thread. */
export function fieldId({ place, scope = "f" }, block, action) {
  return `${scope}-${keyOf(place, block, action).replace(/[^\w-]/g, "_")}`;
}

function button(one, at) {
  const attributes = {
    class: `button ${one.style ?? ""}`,
    "data-do": "press",
    "aria-label": one.accessibility_label ?? null,
    "aria-busy": at.isPending ? "true" : null,
  };
  const label = h("span", { class: "button-label" }, textNodes(one.text));
  if (!one.url) return h("button", { type: "button", ...attributes }, label);
  if (!isSafe(one.url)) return unknown("address of a link button");
  const goes = { href: one.url, target: "_blank", rel: "noopener noreferrer" };
  return h("a", { ...goes, ...attributes }, label, h("span", { class: "hidden" }, " (opens a new tab)"));
}

function overflow(one, at, block) {
  const beside = words(block.text).slice(0, 60);
  return h("button",
    {
      type: "button",
      class: "button more",
      "data-do": "menu",
      "data-options": JSON.stringify(one.options),
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-busy": at.isPending ? "true" : null,
      "aria-label": beside ? `More actions: ${beside}` : "More actions",
    },
    "⋯");
}

// --- selects -------------------------------------------------------------------------------------------

function select(one, at) {
  const chosen = chosenIn(at.value);
  const isMany = one.type.startsWith("multi_");
  const canClear = !isMany && at.isOptional && chosen.length > 0;
  return h("div", { class: isMany ? "select many" : "select" },
    isMany && chosen.map((option) => chip(option, at)),
    h("input",
      {
        id: at.id,
        type: "text",
        role: "combobox",
        autocomplete: "off",
        spellcheck: "false",
        "data-select": one.type,
        "data-offer": offer(one),
        "data-least": one.type.includes("external") ? (one.min_query_length ?? 3) : null,
        "data-pending": at.isPending,
        "aria-expanded": "false",
        "aria-autocomplete": "list",
        "aria-haspopup": "listbox",
        "aria-label": at.isLabelled ? null : at.label,
        ...described(at),
        placeholder: chosen.length && isMany ? "" : words(one.placeholder) || "Select an option",
        value: isMany ? "" : (chosen[0]?.name ?? ""),
        autofocus: one.focus_on_load,
      }),
    canClear && h("button",
      { type: "button", class: "bare", "data-do": "clear", "aria-label": `Clear ${at.label}` }, icon(CROSS)),
    icon(DOWN, "icon arrow"));
}

/** The options that need no asking, as JSON; nothing for lists and for what the app serves. */
function offer(one) {
  if (one.option_groups) return JSON.stringify(one.option_groups);
  return one.options ? JSON.stringify([{ options: one.options }]) : null;
}

function chip(option, at) {
  return h("button",
    {
      type: "button",
      class: "chip",
      "data-key": `chip-${option.value}`,
      "data-do": "unchoose",
      "data-value": option.value,
      "aria-label": `Remove ${option.name} from ${at.label}`,
    },
    option.name, icon(CROSS));
}

/** What stands in a select: name and value of each. */
function chosenIn(value) {
  const { type: _type, ...held } = value ?? {};
  const [standing] = Object.values(held);
  const each = standing == null ? [] : Array.isArray(standing) ? standing : [standing];
  return each.map((one) => (typeof one === "string" ? byId(one) : { value: one.value, name: words(one.text) }));
}

function byId(id) {
  const person = names.people.get(id);
  if (person) return { value: id, name: `@${person.name}` };
  return { value: id, name: names.channels.has(id) ? `#${names.channels.get(id)}` : id };
}

// --- choices -------------------------------------------------------------------------------------------

function choices(one, at) {
  const isMany = one.type === "checkboxes";
  const chosen = new Set(chosenIn(at.value).map((option) => option.value));
  const role = isMany ? "group" : "radiogroup";
  const label = at.isLabelled ? { "aria-labelledby": `${at.id}-label` } : { "aria-label": at.label };
  return h("div", { id: at.id, role, class: "choices", ...label, ...described(at) },
    one.options.map((option, number) => h("label", { class: "choice" },
      h("input", {
        type: isMany ? "checkbox" : "radio",
        name: isMany ? null : at.id,
        value: option.value,
        checked: chosen.has(option.value),
        "data-do": isMany ? "tick" : "choose",
        "data-pending": at.isPending,
        autofocus: one.focus_on_load && number === 0,
      }),
      h("span", {},
        h("span", { class: "choice-text" }, textNodes(option.text)),
        option.description && h("span", { class: "choice-more" }, textNodes(option.description))))));
}

// --- things typed --------------------------------------------------------------------------------------

const TYPES = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

function typed(one, at, block) {
  const value = standing(one, at.value);
  const common = {
    id: at.id,
    class: "field",
    "data-do": "fill",
    "data-pending": at.isPending,
    "data-tell": tells(one, block),
    placeholder: words(one.placeholder) || null,
    maxlength: one.max_length ?? null,
    "aria-label": at.isLabelled ? null : at.label,
    "aria-required": at.isLabelled && !at.isOptional ? "true" : null,
    ...described(at),
    autofocus: one.focus_on_load,
  };
  if (one.multiline) return h("textarea", { ...common, rows: "4", "data-value": value });
  const mode = one.type === "number_input" ? { inputmode: one.is_decimal_allowed ? "decimal" : "numeric" } : {};
  return h("input", { ...common, ...mode, type: TYPES[one.type], autocomplete: "off", value });
}

/** When the app is told: never (`no`), on Enter (`enter`), with every character (`typing`), or once `settled`. */
function tells(one, block) {
  if (one.type.endsWith("picker")) return block.type !== "input" || block.dispatch_action ? "settled" : "no";
  if (!block.dispatch_action) return "no";
  const on = one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return on.includes("on_character_entered") ? "typing" : "enter";
}

function standing(one, value) {
  const { type: _type, ...held } = value ?? {};
  const [text] = Object.values(held);
  if (text == null) return "";
  return one.type === "datetimepicker" ? localTime(text) : String(text);
}

function localTime(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// --- files ---------------------------------------------------------------------------------------------

function fileInput(one, at) {
  const files = at.value?.files ?? [];
  const kinds = one.filetypes?.map((kind) => `.${kind.replace(/^\./, "")}`);
  const fitting = state.team.samples.filter((sample) => fits(sample.name, kinds));
  return h("div", { class: "file-input", "data-drop": "attach" },
    files.map((file) => h("div", { class: "attached", "data-key": file.id },
      h("span", { class: "attached-name" }, file.name), h("span", { class: "faint" }, sizeOf(file.size)),
      h("button",
        {
          type: "button",
          class: "bare",
          "data-do": "detach",
          "data-value": file.id,
          "aria-label": `Remove ${file.name}`,
        },
        icon(CROSS)))),
    h("label", { class: "choose-file" },
      h("input", {
        id: at.id,
        type: "file",
        "data-do": "attach",
        accept: kinds?.join(",") ?? null,
        multiple: (one.max_files ?? 10) > 1,
        "aria-label": at.label,
        ...described(at),
      }),
      h("span", { class: "button", "aria-hidden": "true" }, "Choose a file"),
      h("span", { class: "faint" }, kinds ? `or drop it here: ${kinds.join(", ")}` : "or drop it here")),
    fitting.length > 0 && h("div", { class: "fitting" },
      h("span", { class: "faint" }, "Sample files:"),
      fitting.map((sample) => h("button",
        { type: "button", class: "chip plain", "data-do": "attach-sample", "data-value": sample.name,
          "aria-label": `Attach the sample ${sample.name}` },
        sample.name))));
}

const fits = (name, kinds) => !kinds || kinds.some((kind) => name.toLowerCase().endsWith(kind.toLowerCase()));

/** Hint and error of a field, for screen readers. */
function described(at) {
  if (!at.isLabelled) return {};
  const by = [at.hasHint && `${at.id}-hint`, at.error && `${at.id}-error`].filter(Boolean).join(" ");
  return { "aria-describedby": by || null, "aria-invalid": at.error ? "true" : null };
}

const KINDS = {
  button,
  overflow,
  checkboxes: choices,
  radio_buttons: choices,
  file_input: fileInput,
  ...Object.fromEntries(Object.keys(TYPES).map((kind) => [kind, typed])),
  ...Object.fromEntries(
    ["static", "external", "users", "conversations", "channels"].flatMap((kind) => [
      [`${kind}_select`, select],
      [`multi_${kind}_select`, select],
    ]),
  ),
};
