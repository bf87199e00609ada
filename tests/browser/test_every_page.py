"""Every page in every state, light and dark, narrow and wide: nothing that keeps anybody out, and
nothing that moves by itself while the page settles: what is about to be pressed stays where it is.

The default suite takes a short look at one state of each page; `make tour` looks at all states.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import TIMEOUT_MS, Watch
from tests.browser.inspection import (
    WATCH_SHIFTS,
    find_double_text,
    find_overflow,
    find_shifts,
    run_axe,
    show_painted_colors,
)
from tests.browser.tour import MAIN, Stop, Tour
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

HEIGHT = 900
# Of all rules these alone depend on width and colours; the others are asked once for each width.
CONTRAST = ("color-contrast",)
SHORT_CHECK = ((1280, "light", None), (320, "dark", None))
FORCED = (*CONTRAST, "link-in-text-block", "target-size")
PLAIN = ("button-name", "label", "link-name", "region", "heading-order", "target-size")
WIDTHS = (320, 1280)
FULL_CHECK = (*SHORT_CHECK, (320, "light", CONTRAST), (1280, "dark", CONTRAST))

Faults = dict[str, list[str]]


@dataclass
class Looker:
    """Chromium pages that are shown all stops, and what was found on them, by kind.

    `page` is made wider and darker in place. `plain` is one without scripts. The `settling` are one
    for each width, left alone while `page` is looked at, and under WATCH_SHIFTS.
    """

    page: Page
    plain: Page
    settling: list[Page]
    watch: Watch
    faults: Faults = field(default_factory=lambda: defaultdict(list))
    stops: list[str] = field(default_factory=list)
    checks: int = 0

    def inspect_page(self, stop: Stop, *, is_short: bool) -> None:
        """Widen and darken the page in place, and note what is wrong each time."""
        self.watch.provider = stop.browser.url  # a stop may be of another portal
        for width, page in zip(WIDTHS, self.settling, strict=True):
            self._set(width, "light", page)
            stop.show(page)
        stop.show(self.page)
        self.stops.append(stop.name)
        for width, scheme, rules in SHORT_CHECK if is_short else FULL_CHECK:
            self._set(width, scheme)
            where = f"{stop.name} at {width} px, {scheme}"
            self._note("axe", where, run_axe(self.page, rules))
            if rules is None:
                self._note("overflow", where, find_overflow(self.page))
                self._note("double text", where, find_double_text(self.page))
            self.checks += 1
        if not is_short:
            self._inspect_in_forced_colors(stop)
            self._inspect_without_scripts(stop)
        self._inspect_shifts(stop)
        for page in (self.page, *self.settling):
            page.goto("about:blank")  # so that it asks for nothing that is gone by then
        self._note("watch", stop.name, self.watch.faults)
        self.watch.faults.clear()

    def _set(self, width: int, scheme: str, page: Page | None = None) -> None:
        page = page or self.page
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its words

    def _inspect_in_forced_colors(self, stop: Stop) -> None:
        self.page.emulate_media(forced_colors="active")
        show_painted_colors(self.page)
        self._note("axe", f"{stop.name} in forced colours", run_axe(self.page, FORCED))
        self.page.emulate_media(forced_colors="none")
        self.checks += 1

    def _inspect_without_scripts(self, stop: Stop) -> None:
        for width in WIDTHS:
            self._set(width, "light", self.plain)
            stop.show(self.plain)
            where = f"{stop.name} at {width} px without scripts"
            self._note("overflow", where, find_overflow(self.plain))
            self._note("axe", where, run_axe(self.plain, PLAIN))
            self.checks += 1

    def _inspect_shifts(self, stop: Stop) -> None:
        for width, page in zip(WIDTHS, self.settling, strict=True):
            self._note("shift", f"{stop.name} at {width} px", find_shifts(page))
            self.checks += 1

    def _note(self, kind: str, where: str, faults: list[str]) -> None:
        self.faults[kind] += [f"{where}: {fault}" for fault in faults]


@pytest.fixture
def looker(chromium: Browser, toured_portal: PortalProcess) -> Iterator[Looker]:
    """A page in a browser that shows no movement, so that colours are what they will be."""
    with (
        chromium.new_context(reduced_motion="reduce") as context,
        chromium.new_context(reduced_motion="reduce", java_script_enabled=False) as without,
        chromium.new_context() as moving,
    ):
        for one in (context, without, moving):
            one.set_default_timeout(TIMEOUT_MS)
        moving.add_init_script(WATCH_SHIFTS)
        page, watch = context.new_page(), Watch(toured_portal.url)
        watch.follow(page)
        yield Looker(page, without.new_page(), [moving.new_page() for _ in WIDTHS], watch)


def assert_flawless(looker: Looker) -> None:
    assert {kind: faults for kind, faults in looker.faults.items() if faults} == {}


@pytest.mark.timeout(300)  # the way there leads through what the worker does every few seconds
def test_each_page_is_open_to_everybody(
    looker: Looker, toured_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    for stop in Tour(toured_portal, sandbox).stops():
        if stop.is_main:
            looker.inspect_page(stop, is_short=True)
        if set(looker.stops) == MAIN:
            break
    assert set(looker.stops) == MAIN
    assert_flawless(looker)


@pytest.mark.tour
@pytest.mark.timeout(600)
def test_every_state_of_every_page_is_open_to_everybody(
    looker: Looker,
    toured_portal: PortalProcess,
    sandbox: RunningSandbox,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for stop in Tour(toured_portal, sandbox).stops():
        looker.inspect_page(stop, is_short=False)
    with capsys.disabled():
        print(f"\n{len(looker.stops)} states of pages, {looker.checks} checks")  # noqa: T201
    assert len(looker.stops) > 40
    assert_flawless(looker)
