// Warns before the session ends, in the server's words and by the server's clock: another window
// may have kept the session alive, and a machine may have slept.
const MS = 1000;
const FURTHEST_SECONDS = 24 * 3600;

export function watchSession(place) {
  let timer;
  let dueAt;

  async function ask() {
    clearTimeout(timer);
    try {
      const response = await fetch(place.dataset.session, { headers: { Accept: "text/html" } });
      if (response.status === 401) return end();
      if (response.ok) show(await response.text());
    } catch {
      // No connection at the moment: the next time may succeed.
    }
    plan();
  }

  function show(html) {
    const fresh = document.createRange().createContextualFragment(html).firstElementChild;
    const old = place.firstElementChild;
    // The same words again would be announced again, and take the focus off the button.
    if (old.textContent === fresh.textContent) old.dataset.askAgain = fresh.dataset.askAgain;
    else place.replaceChildren(fresh);
  }

  function plan() {
    const seconds = Math.min(FURTHEST_SECONDS, Number(place.firstElementChild.dataset.askAgain));
    dueAt = Date.now() + seconds * MS;
    timer = setTimeout(ask, seconds * MS);
  }

  function end() {
    dueAt = Infinity;
    const notice = document.createElement("div");
    notice.className = "notice notice-warning";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.className = "notice-message";
    words.textContent = "Your session has ended. Nothing was changed.";
    const link = document.createElement("a");
    link.href = place.dataset.signIn;
    link.textContent = "Sign in again and come back to this page";
    notice.append(words, link);
    place.replaceChildren(notice);
  }

  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { action, method } = event.target;
    const body = new URLSearchParams(new FormData(event.target));
    await fetch(action, { method, body, redirect: "manual" }).catch(() => {});
    ask();
  });
  document.addEventListener("session-ended", end);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() >= dueAt) ask(); });
  plan();
}
