// Files: how they look, and how they come in: chosen, dropped, or taken from the samples.

import { fileAddress, sample } from "./api.js";
import { h } from "./dom.js";
import { state } from "./state.js";

const SAMPLE = "application/x-sample-file";

/** A size in words. */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A shared file under its message. */
export function fileCard(file) {
  const address = fileAddress(state.person, file.id);
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype);
  const className = isPicture ? "file picture-file" : "file";
  return h("a", { class: className, href: address, download: file.name, "data-key": file.id },
    isPicture && h("img", { src: address, alt: file.alt ?? "" }),
    badge(file.name),
    fileWords(file.name, file.size));
}

/** A file's name and size. */
export function fileWords(name, size) {
  return h("span", { class: "file-words" },
    h("span", { class: "file-name" }, name), h("span", { class: "faint" }, sizeOf(size)));
}

/** A small coloured sign with the kind of a file. */
export function badge(name) {
  const kind = (name.includes(".") ? name.split(".").pop() : "file").toLowerCase();
  return h("span", { class: `badge kind-${kind}`, "aria-hidden": "true" }, kind.slice(0, 4).toUpperCase());
}

/** Begin to drag a sample file. */
export function carry(transfer, name) {
  transfer.setData(SAMPLE, name);
  transfer.effectAllowed = "copy";
}

/** Whether what is dragged is a file of either kind. */
export const isFile = (transfer) =>
  [...(transfer?.types ?? [])].some((type) => type === "Files" || type === SAMPLE);

/** The files of a drop. */
export async function dropped(transfer) {
  const name = transfer.getData(SAMPLE);
  const files = [...transfer.files];
  return name ? [await sample(name)] : files;
}
