// Keeps what the typed values come to in view: total memory, and its cost per hour. Presets
// fill the form in place, so that nothing typed is lost. Screen readers hear of it after a pause.
const UNIT_GB = 8;
const PAUSE_MS = 1000;
const NO_VALUE = "–";
const form = document.querySelector("[data-totals]");
const result = form.querySelector("[data-result]");
const said = form.querySelector("[data-said]");
const fields = form.elements;
const links = [...document.querySelectorAll("[data-fill]")];
let timer;

function typed(...names) {
  const field = names.map((name) => fields[name]).find(Boolean);
  const digits = /^\s*(\d{1,4})\s*[a-z]*\s*$/i.exec(field.value);
  return digits ? Number(digits[1]) : NaN;
}

// Values that are missing, out of bounds or the wrong way round have no range.
const isRange = (low, high) => low <= high;

function range(low, high, show) {
  if (!isRange(low, high)) return NO_VALUE;
  return low === high ? show(high) : `${show(low)} to ${show(high)}`;
}

function money(gb) {
  const { unitPrice, before, after } = result.dataset;
  const cents = Math.round(Number(((unitPrice * gb * 100) / UNIT_GB).toPrecision(12)));
  const amount = (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  return `${before}${amount}${after}`;
}

const isOver = (gb) => Boolean(result.dataset.mostGb) && gb > result.dataset.mostGb;

function excess(gb) {
  return isOver(gb) ? `, more than the ${result.dataset.mostGb} GB allowed` : "";
}

function show() {
  const fewest = typed("num_replicas", "min_replicas");
  const most = typed("num_replicas", "max_replicas");
  const isAllowed = fewest >= result.dataset.fewest && most <= result.dataset.most;
  const low = isAllowed ? typed("min_memory_gb", "memory_gb") * fewest : NaN;
  const high = typed("max_memory_gb", "memory_gb") * most;
  const total = range(low, high, String);
  const totalText = isRange(low, high) ? `${total} GB${excess(high)}` : total;
  result.querySelector('[data-part="total"]').textContent = totalText;
  const cost = result.querySelector('[data-part="cost"]');
  if (cost) cost.textContent = range(low, high, money);
  for (const link of links) mark(link);
  if (isAllowed && fewest <= most) for (const option of form.querySelectorAll("option")) label(option, fewest, most);
}

function label(option, fewest, most) {
  const size = Number(option.value);
  const total = range(size * fewest, size * most, String);
  const text = result.dataset.sizeLabel.replace("{size}", size).replace("{total}", total);
  if (size) option.textContent = isOver(size * most) ? text + result.dataset.overLabel : text;
}

// The preset whose values stand in the form is the current one.
function mark(link) {
  const isInForm = [...filling(link)].every(([name, text]) => fields[name].value.trim() === text);
  if (isInForm) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

const filling = (link) => new URLSearchParams(link.dataset.fill);

function sentence() {
  const [total, cost] = ["total", "cost"].map((part) => result.querySelector(`[data-part="${part}"]`)?.textContent);
  return `Total ${total}${cost ? `, about ${cost} per hour while running` : ""}.`;
}

function follow(lead = "") {
  show();
  clearTimeout(timer);
  timer = setTimeout(() => { said.textContent = lead + sentence(); }, PAUSE_MS);
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const [name, text] of filling(link)) fields[name].value = text;
    follow(`Filled in: ${link.querySelector("strong").textContent}. `);
  });
}
form.addEventListener("input", () => follow());
show();
