// Enhances pages that work without it: keeps what is shown up to date, ignores a second press,
// shows a typed password on demand, copies ids, and moves the focus to what went wrong.
import { startLive } from "./live.js";
import { addCopyButtons } from "./copy.js";

for (const region of document.querySelectorAll("[data-live]")) startLive(region, addCopyButtons);

let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset)) return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
});

// A page taken from the browser's history must be able to send its forms again.
addEventListener("pageshow", () => { sent = new WeakSet(); });

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

addCopyButtons(document);
document.querySelector("[data-focus]")?.focus();
