// Keeps what the typed values come to in view: total memory, and its cost per hour. Presets
// fill the form in place, so that nothing typed is lost. Screen readers hear of it after a pause.
const UNIT_GB = 8;
const PAUSE_MS = 1000;
const NO_VALUE = "–";
const form = document.querySelector("[data-totals]");
const result = form.querySelector("[data-result]");
const said = form.querySelector("[data-said]");
const fields = form.elements;
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

function excess(gb) {
  const { mostGb } = result.dataset;
  return mostGb && gb > mostGb ? `, more than the ${mostGb} GB allowed` : "";
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
  result.hidden = false;
  if (isAllowed && fewest <= most) for (const option of form.querySelectorAll("option")) label(option, fewest, most);
}

function label(option, fewest, most) {
  const size = Number(option.value);
  const total = range(size * fewest, size * most, String);
  const text = result.dataset.sizeLabel.replace("{size}", size).replace("{total}", total);
  if (size) option.textContent = text;
}

function follow(lead = "") {
  show();
  clearTimeout(timer);
  timer = setTimeout(() => { said.textContent = lead + result.textContent; }, PAUSE_MS);
}

for (const link of document.querySelectorAll("[data-fill]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const [name, text] of new URLSearchParams(link.dataset.fill)) fields[name].value = text;
    follow(`Filled in: ${link.querySelector("strong").textContent}. `);
  });
}
form.addEventListener("input", () => follow());
show();
