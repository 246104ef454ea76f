// Making nodes, and bringing what stands on the page up to date without touching what is the same:
// focus, selection, scrolling and what somebody is typing survive every change.

const SVG = "http://www.w3.org/2000/svg";

/** A node: attributes are strings, or true and false; children are nodes, texts, lists, or nothing. */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child != null && child !== false) node.append(child);
  }
}

/** A line icon by its path; it is only a picture, its neighbour has the words. */
export function icon(path, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Give `node` these children, keeping every node that stays. Nodes are told apart by `data-key`. */
export function show(node, ...children) {
  const fresh = document.createElement("div");
  append(fresh, children);
  morphChildren(node, fresh);
  settle(node);
}

function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

function isSame(one, other) {
  return one.nodeName === other.nodeName && key(one) === key(other);
}

/** Marks a node with what it was made from. One made from the same need not be made again: `stub` is enough. */
export const marked = (node, from) => Object.assign(node, { madeFrom: from });
export const stub = (node) => marked(h(node.localName, { "data-key": key(node) }), node.madeFrom);

function morph(node, fresh) {
  if (fresh.madeFrom !== undefined) {
    if (node.madeFrom === fresh.madeFrom) return;
    node.madeFrom = fresh.madeFrom;
  }
  if (node.isEqualNode(fresh)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.data = fresh.data;
    return;
  }
  for (const { name } of [...node.attributes]) if (!fresh.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  morphChildren(node, fresh);
}

function morphChildren(node, fresh) {
  const stay = new Set([...fresh.childNodes].map(key).filter(Boolean));
  const known = new Map([...node.childNodes].filter(key).map((child) => [key(child), child]));
  let at = node.firstChild;
  for (const next of [...fresh.childNodes]) {
    while (at && key(at) && !stay.has(key(at))) at = removed(at);
    const match = key(next) ? known.get(key(next)) : at && !key(at) && isSame(at, next) ? at : null;
    if (!match || !isSame(match, next)) {
      node.insertBefore(next, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else node.insertBefore(match, at);
    morph(match, next);
  }
  while (at) at = removed(at);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** What stands in fields follows their attributes, except where somebody types or an act is under way. */
export function settle(root) {
  for (const field of root.querySelectorAll("input, textarea")) {
    if (field.hasAttribute("data-draft") || field.hasAttribute("data-pending")) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = field.hasAttribute("checked");
    else if (field.type !== "file" && field !== document.activeElement) {
      field.value = field.getAttribute(field.tagName === "TEXTAREA" ? "data-value" : "value") ?? "";
    }
  }
}
