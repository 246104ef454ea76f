// Finds what a person would mean by a label: given to the page by slack_page.py.
({ kind, label, within, nth }) => {
  const KINDS = {
    button: "button, a",
    menu: ".more",
    choice: "[role=combobox], [role=radiogroup]",
    field: "input:not([type=file]):not([type=checkbox]):not([type=radio]), textarea",
    file: "input[type=file]",
  };
  const squeezed = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");
  const words = (node) => {
    const copy = node.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".hidden")) hidden.remove();
    return squeezed(copy.textContent);
  };
  const roots = ["#confirm[open]", "#modal[open]"].map((one) => document.querySelector(one));
  const screen = () => {
    const all = [...document.querySelectorAll("#app, dialog[open], .popup, #toast:popover-open")];
    const held = [...document.querySelectorAll("input:not([type=checkbox]):not([type=radio]), textarea")];
    return squeezed([...all.map((one) => one.innerText), ...held.filter(isShown).map((one) => one.value)].join(" "));
  };
  if (kind === "read") return screen();
  if (kind === "sees") return screen().includes(squeezed(label));
  if (kind === "misses") return !screen().includes(squeezed(label));

  const root = roots.find(Boolean) ?? document.getElementById("app");
  const called = (node) => [
    node.getAttribute("aria-label"),
    kind === "button" ? words(node) : node.placeholder,
    ...[...(node.labels ?? [])].map(words),
    words(document.getElementById(node.getAttribute("aria-labelledby")) ?? document.createElement("i")),
    node.value,
  ].map((name) => squeezed(name).replace(/ \(optional\)$/, ""));
  const beside = (node) => squeezed(node.closest(".block")?.querySelector(".section-body")?.textContent);
  const wanted = squeezed(label);
  const nearest = (surface, hits) => {
    const blocks = [...surface.querySelectorAll(".block")].filter((one) => squeezed(one.textContent).includes(squeezed(within)));
    const gap = (hit) => {
      const all = [...surface.querySelectorAll(".block")];
      const at = all.indexOf(hit.closest(".block"));
      return Math.min(...blocks.map((one) => all.indexOf(one)).filter((start) => start <= at).map((start) => at - start), 9999);
    };
    const least = Math.min(...hits.map(gap));
    return hits.filter((hit) => gap(hit) === least);
  };
  const surfaces = [...root.querySelectorAll("[data-view], [data-ts]")].reverse();
  for (const surface of [...surfaces, root]) {
    if (within && !squeezed(surface.textContent).includes(squeezed(within))) continue;
    const every = [...surface.querySelectorAll(KINDS[kind])].filter(isShown);
    let hits = wanted ? every.filter((node) => called(node).includes(wanted)) : every;
    if (!hits.length && kind !== "button") hits = every.filter((node) => beside(node).includes(wanted));
    if (!hits.length) continue;
    if (within && hits.length > 1) hits = nearest(surface, hits);
    if (nth != null) return hits[nth] ?? null;
    if (hits.length > 1) throw new Error(`“${label}” is there ${hits.length} times: ${squeezed(surface.textContent)}`);
    return hits[0];
  }
  return null;
}
