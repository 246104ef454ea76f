// Block Kit's blocks, top to bottom. Pure: blocks and values in, nodes out.
// https://docs.slack.dev/reference/block-kit/blocks

import { fileAddress } from "./api.js";
import { h, icon } from "./dom.js";
import { element, fieldId } from "./elements.js";
import { unescaped, textNodes, words } from "./mrkdwn.js";
import { markdown, richText, table, unknown } from "./richtext.js";
import { state } from "./state.js";

const PICTURE = "M3 4h14v12H3zM3 13l4-4 4 4 3-3 3 3M13 7.5v.01";

/** All blocks of a view or message. `where` has `place` (its id), `values`, and `errors` of a view. */
export function blocks(all, where) {
  return all.map((block) => {
    const make = KINDS[block.type];
    const attributes = { class: `block b-${block.type}`, "data-key": block.block_id };
    return h("div", attributes, make ? make(block, where) : unknown(block.type));
  });
}

function section(block, where) {
  return [
    h("div", { class: "section-body" },
      block.text && h("div", { class: "text" }, textNodes(block.text)),
      block.fields && h("div", { class: "fields" },
        block.fields.map((one) => h("div", { class: "text" }, textNodes(one))))),
    block.accessory && h("div", { class: "accessory" },
      block.accessory.type === "image" ? picture(block.accessory) : element(block, block.accessory, where)),
  ];
}

function input(block, where) {
  const one = block.element;
  const id = fieldId(where, block.block_id, one.action_id);
  const error = where.errors?.[block.block_id] ?? state.faults.get(`${where.place}|${block.block_id}`);
  const label = words(block.label);
  const isGroup = ["checkboxes", "radio_buttons"].includes(one.type);
  const at = { ...where, label, isLabelled: true, isOptional: block.optional, hasHint: Boolean(block.hint), error };
  return [
    h(isGroup ? "div" : "label", { class: "label", id: `${id}-label`, for: isGroup ? null : id },
      label, block.optional && h("span", { class: "faint" }, " (optional)")),
    element(block, one, at),
    error && h("p", { class: "error", id: `${id}-error`, role: "alert" }, error),
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, textNodes(block.hint)),
  ];
}

function context(block) {
  return block.elements.map((one) =>
    one.type === "image" ? picture(one) : h("span", { class: "text" }, textNodes(one)));
}

function image(block) {
  return h("figure", {},
    block.title && h("figcaption", {}, textNodes(block.title)), picture(block));
}

/** A picture. The page fetches nothing from outside this machine: such a picture is its words. */
function picture(one) {
  const src = one.slack_file?.id ? fileAddress(state.person, one.slack_file.id) : one.image_url;
  if (one.slack_file || isOwn(src)) return h("img", { src, alt: one.alt_text ?? "" });
  return h("span", { class: "picture", role: "img", "aria-label": one.alt_text || "Picture" },
    icon(PICTURE), h("span", { "aria-hidden": "true" }, one.alt_text || "Picture"));
}

function isOwn(address) {
  try {
    return new URL(address, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

const KINDS = {
  section,
  input,
  context,
  image,
  table,
  header: (block) => h("h3", {}, textNodes(block.text)),
  divider: () => h("hr", {}),
  actions: (block, where) => block.elements.map((one) => element(block, one, where)),
  rich_text: (block) => richText(block),
  markdown: (block) => markdown(block.text),
  file: (block) => h("span", { class: "faint" }, `File ${unescaped(String(block.external_id))}`),
};
