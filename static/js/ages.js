// Says how long ago ClickHouse Cloud was looked at, and counts on. The server tells the age, so that
// a browser whose clock is wrong says the same.
const MS = 1000;
let takenAt; // by the clock that nobody sets

export function showAge(seconds) {
  const line = document.querySelector("[data-as-of]");
  if (!line) return;
  line.hidden = seconds === undefined;
  if (!line.hidden) takenAt = performance.now() - seconds * MS;
  count();
}

export function countAges() {
  const { age } = document.querySelector("[data-as-of] [data-age]")?.dataset ?? {};
  if (age === undefined) return;
  showAge(Number(age));
  setInterval(count, MS);
}

function count() {
  if (takenAt === undefined) return;
  const seconds = Math.max(0, Math.round((performance.now() - takenAt) / MS));
  document.querySelector("[data-as-of] [data-age]").textContent = words(seconds);
}

function words(seconds) {
  if (seconds < 2) return "now";
  if (seconds < 120) return `${seconds} seconds ago`;
  return `${Math.floor(seconds / 60)} minutes ago`;
}
