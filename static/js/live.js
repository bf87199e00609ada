// Keeps one region like the server's fragment of it. Only nodes that differ are touched, so that
// focus, selection and opened details stay; only changes are announced; hidden pages do not ask.
const FIRST_MS = 2000;
const LONGEST_MS = 30000;
const ENDED = {
  401: "Your session has ended. Sign in again.",
  403: "This is not for you to see any more. Go back to your compute groups.",
  404: "This is not for you to see any more. Go back to your compute groups.",
};

export function startLive(region, afterwards) {
  const announcer = document.querySelector("[data-announcer]");
  let timer;

  async function look() {
    if (document.hidden) return;
    const startedAt = performance.now();
    try {
      const response = await fetch(region.dataset.live, { headers: { Accept: "text/html" } });
      if (ENDED[response.status]) return end(ENDED[response.status]);
      if (response.ok) show(await response.text());
    } catch {
      // No connection at the moment: what is shown stays, and the next look may succeed.
    }
    if (!region.querySelector("[data-stop]")) plan(pauseAfter(performance.now() - startedAt));
  }

  function plan(ms) {
    clearTimeout(timer);
    timer = setTimeout(look, ms);
  }

  function end(text) {
    announcer.textContent = text;
    announcer.classList.remove("visually-hidden");
    announcer.classList.add("notice", "notice-warning");
  }

  function show(html) {
    const before = said(region);
    const fresh = document.createElement("div");
    fresh.append(document.createRange().createContextualFragment(html));
    afterwards(fresh);
    patchChildren(region, fresh);
    const news = said(region).filter((line) => !before.includes(line));
    if (news.length) announcer.textContent = news.join(". ");
  }

  document.addEventListener("visibilitychange", () => plan(document.hidden ? LONGEST_MS : 0));
  if (!region.querySelector("[data-stop]")) plan(FIRST_MS);
}

// A slow server is asked less often.
function pauseAfter(elapsedMs) {
  return Math.min(LONGEST_MS, Math.max(FIRST_MS, 250 * Math.sqrt(elapsedMs) - 1000));
}

function said(region) {
  return [...region.querySelectorAll("[data-announce]")].map(
    (node) => `${node.dataset.announce}: ${node.textContent.trim().replace(/\s+/g, " ")}`,
  );
}

function patchChildren(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, index) => {
    const current = before[index];
    if (!current) old.append(node);
    else if (!current.isEqualNode(node)) patchNode(current, node);
  });
  for (const node of before.slice(after.length)) node.remove();
}

function patchNode(current, node) {
  if (current.nodeType !== Node.ELEMENT_NODE || current.nodeName !== node.nodeName) {
    current.replaceWith(node);
    return;
  }
  for (const { name, value } of node.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
  for (const { name } of [...current.attributes]) {
    // What the person has opened stays open.
    if (name !== "open" && !node.hasAttribute(name)) current.removeAttribute(name);
  }
  patchChildren(current, node);
}
