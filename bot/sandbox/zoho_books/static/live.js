// The page follows the books: every region marked data-live is fetched again and put in place when it changed.
const EVERY = 1500;
const NEW_FOR = 6000;
const state = document.getElementById("live-state");
const announced = document.getElementById("announced");
const search = document.querySelector("[data-search]");
let running = null;
let timer = 0;

const keyed = (region) => new Map([...region.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one]));

// What has the focus in a region, as a selector that finds it after the region was replaced.
const focused = (region) => {
  const one = document.activeElement;
  if (!region.contains(one)) return null;
  if (one.id) return `#${CSS.escape(one.id)}`;
  const href = one.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  const key = one.closest("[data-key]")?.dataset.key;
  return key ? `[data-key="${CSS.escape(key)}"] ${one.localName}` : one.localName;
};

// As it came from the server: what a person opened here since then is no difference.
const asServed = new Map([...document.querySelectorAll("[data-live]")].map((one) => [one.id, one.innerHTML]));

const swap = (region, fresh, marksNew) => {
  if (asServed.get(region.id) === fresh.innerHTML) return [];
  asServed.set(region.id, fresh.innerHTML);
  const known = keyed(region);
  const open = [...known.values()].filter((one) => one.open).map((one) => one.dataset.key);
  const focus = focused(region);
  const content = fresh.cloneNode(true);
  region.replaceChildren(...content.childNodes);
  if (focus) region.querySelector(focus)?.focus({ preventScroll: true });
  const now = keyed(region);
  for (const key of open) if (now.has(key)) now.get(key).open = true;
  if (!marksNew) return [];
  const added = [...now].filter(([key]) => !known.has(key)).map(([, one]) => one);
  for (const one of added) {
    one.classList.add("is-new");
    setTimeout(() => one.classList.remove("is-new"), NEW_FOR);
  }
  return added.map((one) => one.dataset.says).filter(Boolean);
};

const refresh = async (marksNew = true) => {
  running?.abort();
  const own = new AbortController();
  running = own;
  try {
    const answer = await fetch(location.pathname + location.search, { signal: own.signal, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = new Set();
    for (const region of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(region.id);
      if (fresh) swap(region, fresh, marksNew).forEach((one) => said.add(one));
    }
    if (said.size > 3) announced.textContent = `${said.size} new in the books.`;
    else if (said.size) announced.textContent = `New: ${[...said].join("; ")}.`;
    show(true);
  } catch (fault) {
    if (fault.name !== "AbortError") show(false);
  } finally {
    if (running === own) running = null;
  }
};

const show = (isLive) => {
  state.classList.toggle("is-off", !isLive);
  const words = isLive ? "Live" : "Not reached, trying again";
  if (state.firstElementChild.textContent !== words) state.firstElementChild.textContent = words;
};

const follow = async () => {
  clearTimeout(timer);
  if (!document.hidden && !running) await refresh();
  timer = setTimeout(follow, EVERY);
};

// A note is told once: its name leaves the address, so that reloading does not look for it again.
const address = new URL(location);
if (address.searchParams.has("note")) {
  address.searchParams.delete("note");
  history.replaceState(null, "", address);
}

let typed = 0;
const find = () => {
  const wanted = new URL(location);
  if (search.value.trim()) wanted.searchParams.set("q", search.value.trim());
  else wanted.searchParams.delete("q");
  history.replaceState(null, "", wanted);
  refresh(false);
};
search?.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(find, 150);
});
search?.form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typed);
  find();
});

// Where the page is narrow the menu starts closed; everywhere a click outside closes the list of organisations.
const menu = document.querySelector(".menu");
const narrow = matchMedia("(max-width: 60rem)");
const fit = () => { menu.open = !narrow.matches; };
fit();
narrow.addEventListener("change", fit);
const organisations = document.querySelector(".switch");
addEventListener("click", (event) => { if (!organisations.contains(event.target)) organisations.open = false; });
addEventListener("keydown", (event) => { if (event.key === "Escape") organisations.open = false; });

// "Until cleared" makes a number of calls meaningless.
for (const until of document.querySelectorAll("[name=until]")) {
  const times = until.form.elements.times;
  until.addEventListener("change", () => { times.disabled = until.checked; });
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
timer = setTimeout(follow, EVERY);
