// Keeps one region like the server's fragment of it. Only what differs is touched, so that focus,
// selection and opened details stay; only changes are announced; hidden pages do not ask; the
// person can pause it. Asking is no activity: it never keeps a session alive. The region brings the
// edition that it shows: nothing comes back while that is the current one, and otherwise what differs.
const FIRST_MS = 2000;
const LONGEST_MS = 30000;
const SECOND_MS = 1000;
const NO_ANSWER = "The portal does not answer at the moment. What you see may be out of date; it is looked at again by itself.";
const NOT_YOURS = "This is not for you to see any more. Go back to your compute groups.";
const ELSEWHERE = "You have switched to another warehouse in another window. This page is not looked at any more: load it again to go on there.";

let takenAt; // when Cloud was looked at, by the clock that nobody sets

export function startLive(region) {
  const status = document.querySelector("[data-announcer]");
  const alarm = document.querySelector("[data-alarm]");
  const button = document.querySelector("[data-live-switch]");
  const isStopped = () => Boolean(region.querySelector("[data-stop]"));
  let [timer, waitMs, isPaused, isOver] = [0, FIRST_MS, false, isStopped()];

  async function refresh() {
    const address = region.dataset.live;
    const startedAt = performance.now();
    try {
      const headers = { Accept: "text/html", "X-Edition": region.dataset.edition ?? "" };
      const { warehouse } = document.body.dataset; // a page must not become that of another one
      if (warehouse) headers["X-Warehouse"] = warehouse;
      const response = await fetch(address, { headers });
      if (address !== region.dataset.live) return; // something else is looked for by now
      if (response.status === 401) document.dispatchEvent(new Event("session-ended"));
      if (response.status === 409) return end(ELSEWHERE);
      if ([401, 403, 404].includes(response.status)) return end(response.status === 401 ? "" : NOT_YOURS);
      if (!response.ok) throw new Error(response.status);
      region.dataset.edition = response.headers.get("X-Edition") ?? "";
      if (response.status !== 204) show(await response.text(), response.headers.has("X-Changed"));
      else warn("");
      const age = response.headers.get("X-Age-Seconds");
      showAge(age === null ? undefined : Number(age));
      waitMs = pauseAfter(performance.now() - startedAt);
    } catch {
      warn(NO_ANSWER);
      waitMs = Math.min(LONGEST_MS, waitMs * 2);
    }
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (!button) return; // the part had come to its end already
    button.hidden = isOver;
    button.textContent = isPaused ? "Resume updates" : "Pause updates";
    if (!isPaused && !isOver && !document.hidden) timer = setTimeout(refresh, waitMs);
  }

  function show(html, isPartial) {
    const before = said(region);
    const fresh = document.createElement("div");
    fresh.append(document.createRange().createContextualFragment(html));
    patch(region, fresh, isPartial);
    isOver = isStopped();
    const news = said(region).filter(({ key, line }) => before.some((old) => old.key === key && old.line !== line));
    const good = news.filter(({ isBad }) => !isBad);
    if (good.length) status.textContent = good.map(({ line }) => line).join(". ");
    warn(news.filter(({ isBad }) => isBad).map(({ line }) => line).join(". "));
  }

  function warn(text) {
    if (alarm.textContent !== text) alarm.textContent = text;
    alarm.className = text ? "notice notice-warning" : "";
  }

  function end(text) {
    isOver = true;
    warn(text);
    plan();
  }

  button?.addEventListener("click", () => {
    isPaused = !isPaused;
    status.textContent = isPaused ? "Updates are paused." : "Updates go on.";
    isPaused ? plan() : refresh();
  });
  region.addEventListener("refresh", refresh);
  document.querySelector("[data-check]")?.addEventListener("click", (event) => {
    event.preventDefault();
    refresh();
  });
  document.addEventListener("visibilitychange", () => (document.hidden || isPaused || isOver ? plan() : refresh()));
  plan();
}

// A slow server is asked less often.
function pauseAfter(elapsedMs) {
  return Math.min(LONGEST_MS, Math.max(FIRST_MS, 250 * Math.sqrt(elapsedMs) - 1000));
}

// What is worth announcing when it changes, by what it is about. Bad news interrupts.
function said(region) {
  return [...region.querySelectorAll("[data-announce], tbody .state")].map((node) => {
    const key = node.dataset.announce ?? node.closest("tr").querySelector("th a").textContent.trim();
    const text = node.textContent.trim().replace(/\s+/g, " ");
    const isBad = node.closest(".headline-trouble, .state-trouble, .notice-danger") ?? node.querySelector(".state-trouble");
    return { key, line: key ? `${key}: ${text}` : text, isBad: Boolean(isBad) };
  });
}

// Rows are the same row if their link is, parts if their name is; the rest is matched by its place.
function keyOf(node) {
  if (node.nodeName === "TR") return node.querySelector("th a")?.getAttribute("href");
  return node.id || node.getAttribute?.("aria-labelledby") || undefined;
}

function isOfNamed({ nodeName, children }) {
  return children.length ? [...children].every(keyOf) : nodeName === "TBODY";
}

// Of a part that names its children only those that differ may have come: the others stay.
function patchNamed(old, fresh) {
  const kept = new Map([...old.children].map((node) => [keyOf(node), node]));
  for (const node of fresh.children) {
    const current = kept.get(keyOf(node));
    if (current && !current.isEqualNode(node)) patchNode(current, node, true);
  }
}

function patch(old, fresh, isPartial) {
  if (isPartial && isOfNamed(fresh)) return patchNamed(old, fresh);
  const wanted = new Map([...fresh.children].map((node) => [keyOf(node), node]));
  for (const node of [...old.children]) if (keyOf(node) && !wanted.has(keyOf(node))) node.remove();
  const kept = new Map([...old.children].map((node) => [keyOf(node), node]));
  let place = old.firstChild;
  const drop = () => { const next = place.nextSibling; place.remove(); place = next; };
  for (const node of [...fresh.childNodes]) {
    while (place?.nodeName === "#text" && node.nodeName !== "#text") drop();
    const alike = place && !keyOf(place) && place.nodeName === node.nodeName ? place : undefined;
    const current = keyOf(node) ? kept.get(keyOf(node)) : alike;
    // What stands before a part that stays goes away, rather than the part moving: focus may be there.
    while (current && place && place !== current && !keyOf(place)) drop();
    if (current && current === place) place = place.nextSibling;
    else old.insertBefore(current ?? node, place);
    if (current && !current.isEqualNode(node)) patchNode(current, node, isPartial);
  }
  while (place) drop();
}

function patchNode(current, node, isPartial) {
  if (current.nodeType !== Node.ELEMENT_NODE) return void (current.data = node.data);
  if (current.hasAttribute("data-keep")) return; // the page itself has put something there
  for (const { name, value } of node.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
  for (const { name } of [...current.attributes]) {
    // What the person has opened stays open.
    if (name !== "open" && !node.hasAttribute(name)) current.removeAttribute(name);
  }
  patch(current, node, isPartial);
}

// How long ago Cloud was looked at: the server tells the age and the browser counts on, so that one
// whose clock is wrong says the same.
function showAge(seconds) {
  const line = document.querySelector("[data-as-of]");
  if (!line) return;
  line.hidden = seconds === undefined;
  if (!line.hidden) takenAt = performance.now() - seconds * SECOND_MS;
  count();
}

export function countAges() {
  const line = document.querySelector("[data-as-of]");
  if (line && !line.hidden) showAge(Number(line.querySelector("[data-age]").dataset.age));
  if (!line && !document.querySelector("[data-since]")) return;
  countSince();
  setInterval(count, SECOND_MS);
}

// How long ago something was: counted on from what the part told last.
const begun = new WeakMap();

function countSince() {
  for (const node of document.querySelectorAll("[data-since]")) {
    const told = node.dataset.since;
    if (begun.get(node)?.told !== told) begun.set(node, { told, at: performance.now() - told * SECOND_MS });
    const seconds = Math.round((performance.now() - begun.get(node).at) / SECOND_MS);
    if (seconds >= 2) node.textContent = node.dateTime ? recently(seconds) : words(seconds);
  }
}

function count() {
  countSince();
  if (takenAt === undefined) return;
  const seconds = Math.max(0, Math.round((performance.now() - takenAt) / SECOND_MS));
  document.querySelector("[data-as-of] [data-age]").textContent = words(seconds);
}

// What happened to rows of tables, as the server's filter `recent` says it.
function recently(seconds) {
  if (seconds < 60) return "just\u00a0now";
  const [count, unit] = seconds < 3600 ? [Math.floor(seconds / 60), "minute"] : [Math.floor(seconds / 3600), "hour"];
  return `${count}\u00a0${unit}${count === 1 ? "" : "s"}\u00a0ago`;
}

function words(seconds) {
  if (seconds < 2) return "now";
  if (seconds < 120) return `${seconds} seconds ago`;
  return `${Math.floor(seconds / 60)} minutes ago`;
}
