"""What a person can see and reach on a page: measured in the page itself."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# target-size is off by default; everything else that axe knows is on, best practice included.
_RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {
    rules: { "target-size": { enabled: true } }, resultTypes: ["violations"], elementRef: false,
    ...(rules ? { runOnly: { type: "rule", values: rules } } : {}),
  });
  return found.violations.flatMap((rule) => rule.nodes.map(
    (node) => `${rule.id} (${rule.impact}): ${node.html.slice(0, 120)}`));
}"""

# What sticks out to the right of the page, other than inside a table that scrolls by itself.
_FIND_OVERFLOW = """() => {
  const limit = document.documentElement.clientWidth;
  const scrolls = (node) => node.closest(".table-frame, pre");
  const isHidden = (node) => node.closest(".visually-hidden, .skip-link, [hidden]");
  const found = [...document.body.querySelectorAll("*")].filter((node) =>
    node.getBoundingClientRect().right > limit + 1 && !scrolls(node) && !isHidden(node));
  const page = document.documentElement.scrollWidth;
  return [
    ...(page > limit ? [`the page is ${page} px wide, not ${limit}`] : []),
    ...found.slice(0, 3).map((node) => `sticks out: ${node.outerHTML.slice(0, 120)}`),
  ];
}"""

# Text that its own box cuts off.
_FIND_CUT_TEXT = """() => [...document.body.querySelectorAll("*")].filter((node) => {
  const style = getComputedStyle(node);
  const isCut = style.overflowX === "hidden" || style.overflowX === "clip";
  return isCut && !node.closest(".visually-hidden, thead, svg, input, select, textarea")
    && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
}).map((node) => `cut off: ${node.outerHTML.slice(0, 120)}`)"""

# axe waits for a timer, and none runs on a page without scripts.
_RUN_TIMERS_AT_ONCE = """() => {
  window.setTimeout = (act, _, ...given) => {
    Promise.resolve().then(() => act(...given));
    return 0;
  };
}"""

# axe asks for the colour that text is filled with. In forced colours Chromium answers with the
# style sheet's, though it paints `color`, which it answers as it is.
_SHOW_PAINTED_COLORS = """() => {
  for (const node of document.body.querySelectorAll("*"))
    node.style.webkitTextFillColor = getComputedStyle(node).color;
}"""

_TEXT_SIZES = """() => [...document.body.querySelectorAll("*")]
  .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
  .filter((node) => node.offsetParent)
  .map((node) => [parseFloat(getComputedStyle(node).fontSize), node.outerHTML.slice(0, 120)])"""


def run_axe(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    """Every violation that axe finds on the page as it is shown now; of some rules if named."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
        if page.evaluate("matchMedia('(scripting: none)').matches"):
            page.evaluate(_RUN_TIMERS_AT_ONCE)
    found: list[str] = page.evaluate(_RUN_AXE, list(rules) if rules else None)
    return found


def show_painted_colors(page: Page) -> None:
    """Let `run_axe` see the colours of text that forced colours paint, until the page is left."""
    page.evaluate(_SHOW_PAINTED_COLORS)


def find_overflow(page: Page) -> list[str]:
    """What a person would have to scroll sideways for, data tables apart (WCAG 1.4.10)."""
    found: list[str] = page.evaluate(_FIND_OVERFLOW)
    return found


def find_double_text(page: Page) -> list[str]:
    """What is lost when text is twice as large (WCAG 1.4.4); the page is put back afterwards."""
    before: list[tuple[float, str]] = page.evaluate(_TEXT_SIZES)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    after: list[tuple[float, str]] = page.evaluate(_TEXT_SIZES)
    faults = find_overflow(page) + list(page.evaluate(_FIND_CUT_TEXT))
    faults += [
        f"does not grow: {html}"
        for (small, html), (large, _) in zip(before, after, strict=True)
        if large < small * 1.9
    ]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return faults


SETTLING_MS = 1200
"""After the page has loaded, by its own clock: one tick of the times that it counts, and a bit."""

MOST_SHIFT = 0.001
"""Of what is seen at first, times how far it moves, added up: CLS as Chromium counts it."""

# Runs before the page: nothing that moves while it is built and settles is missed. The news begins
# with the first look at the portal that brings anything (see live.js).
WATCH_SHIFTS = """
  window.__shifts = [];
  window.__news = null;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      window.__shifts.push([entry.startTime, entry.value, entry.sources.map(
        ({ node }) => (node?.outerHTML ?? node?.parentElement?.outerHTML ?? "?").slice(0, 100))]);
  }).observe({ type: "layout-shift", buffered: true });
  const ask = window.fetch;
  window.fetch = async (address, options) => {
    const answer = await ask(address, options);
    if ("X-Edition" in (options?.headers ?? {}) && answer.status !== 204)
      window.__news ??= performance.now();
    return answer;
  };
"""

_UNTIL_SETTLED = """() =>
  performance.getEntriesByType("navigation")[0].loadEventEnd + %d - performance.now()"""


def find_shifts(page: Page) -> list[str]:
    """What has moved by itself since the page was opened, if that is more than anybody should see.

    The page must have been opened under WATCH_SHIFTS. Waits until it has settled. What a look at
    the portal has brought since is news: it is told where it belongs, and takes room.
    """
    page.wait_for_timeout(max(0, page.evaluate(_UNTIL_SETTLED % SETTLING_MS)))
    entries: list[tuple[float, float, list[str]]] = page.evaluate("window.__shifts")
    news: float | None = page.evaluate("window.__news")
    shifts = [(value, nodes) for at, value, nodes in entries if news is None or at < news]
    total = sum(value for value, _ in shifts)
    if total <= MOST_SHIFT:
        return []
    return [f"moved by {total:.4f}: {nodes}" for _, nodes in shifts]
