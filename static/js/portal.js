// Enhances pages that work without it: keeps what is shown up to date, finds while typing, warns
// before the session ends, changes the theme in place, ignores a second press, shows a typed
// password on demand, copies ids, and moves the focus to what went wrong.
import { countAges, startLive } from "./live.js";
import { watchSession } from "./session.js";

const TYPING_PAUSE_MS = 150;
const COPIED_MS = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, COPIED_MS);
});

// The live region is asked for what the form says, and the page's own address says the same.
function findWhileTyping(form, region) {
  let timer;
  const find = () => {
    const given = [...new FormData(form)].filter(([, value]) => value);
    const query = given.length ? `?${new URLSearchParams(given)}` : "";
    history.replaceState(null, "", form.getAttribute("action") + query);
    region.dataset.live = form.dataset.find + query;
    region.dataset.edition = "";
    region.dispatchEvent(new Event("refresh"));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, TYPING_PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
}

// In place, so that nothing typed is lost; the server remembers it.
function changeTheme(event) {
  const { form, value } = event.target;
  fetch(form.action, { method: "post", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  if (value) document.documentElement.dataset.bsTheme = value;
  else delete document.documentElement.dataset.bsTheme;
  document.querySelector('meta[name="color-scheme"]').content = value || "light dark";
}

for (const region of document.querySelectorAll("[data-live]")) {
  startLive(region);
  for (const form of document.querySelectorAll("[data-find]")) findWhileTyping(form, region);
}
for (const place of document.querySelectorAll("[data-session]")) watchSession(place);
for (const choice of document.querySelectorAll("[data-theme] select")) choice.addEventListener("change", changeTheme);

// A page that came as the answer to a form could not be opened again by Back or Reload. Its own
// address can, and shows what was typed.
const { address } = document.getElementById("main").dataset;
if (address) history.replaceState(null, "", address);

let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset)) return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
});

// A page taken from the browser's history must be able to send its forms again.
addEventListener("pageshow", () => { sent = new WeakSet(); });

// Without https the browser gives nobody its clipboard.
if (!navigator.clipboard) document.documentElement.classList.add("no-clipboard");

for (const input of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Hide" : "Show";
    button.setAttribute("aria-label", isShown ? "Hide password" : "Show password");
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
  show(false);
  input.after(button);
}

countAges();
document.querySelector("[data-focus]")?.focus();
