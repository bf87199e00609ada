"""`make screenshots`: one small picture of each page for the README and for a look by eye.

They are taken of the demonstration (`make run`), which has a month of load and of costs; a boost, a
schedule and a change are made first, as a person makes them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from app.cli.demo.portal import ADMINISTRATOR, ADMINISTRATOR_PASSWORD
from tests.browser.conftest import FLAGS
from tests.support.demo import RunningDemo, running_demo
from tests.support.portal import ROOT
from tests.support.requirements import require_program
from tests.support.waiting import wait_until

FOLDER = ROOT / "docs/images"
LARGEST_BYTES = 80_000
LARGEST_ALL_BYTES = 600_000
COLOURS = 48
"""Enough for these pages, and a third of the bytes."""

WIDE, NARROW, TALLEST_PX = 1100, 360, 1300
REPORTING, PRIMARY = "Analytics reporting", "Analytics primary"
EFFECT_MS, SPEND_SECONDS = 120_000, 180.0
"""The report of costs is read once the portal has been up for a minute."""


@dataclass
class Photographer:
    """A page in Chromium, signed in to nothing at first, and the sizes of what was taken of it."""

    page: Page
    demo: RunningDemo
    sizes: dict[str, int] = field(default_factory=dict)

    def take(self, name: str, path: str = "", *, width: int = WIDE, scheme: str = "light") -> None:
        """Picture what is open, or what is at `path`, as `name`."""
        self.page.set_viewport_size({"width": width, "height": 400})
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its words
        if path:
            self.page.goto(path)
        height = min(TALLEST_PX, int(self.page.evaluate("document.documentElement.scrollHeight")))
        self.page.set_viewport_size({"width": width, "height": height})
        target = FOLDER / f"{name}.png"
        self.page.screenshot(path=target)
        with Image.open(target) as picture:
            few_colours = picture.convert("RGB").quantize(COLOURS)
        few_colours.save(target, optimize=True)
        self.sizes[name] = target.stat().st_size

    def press(self, name: str) -> None:
        """Press the one button, or follow the one link, with this name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        button.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()

    def fill(self, **fields: str) -> None:
        """Type or choose these values, by the names of their fields."""
        for name, value in fields.items():
            control = self.page.locator(f"[name={name}]:is(input, select, textarea)").first
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def read(self, path: str) -> str:
        """The words of the page at `path`."""
        self.page.goto(path)
        return self.page.locator("main").inner_text()

    def group(self, name: str) -> str:
        """The address of a group's page."""
        self.page.goto("/groups")
        address = self.page.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert address
        return address


def main() -> int:
    """Write the pictures; 1 if one of them, or all together, are too large to be committed."""
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with running_demo() as demo, _chromium(demo.url) as page:
        taker = Photographer(page, demo)
        for part in (_sign_in, _plan, _look, _change, _boost, _administer):
            part(taker)
    total = sum(taker.sizes.values())
    for name, size in taker.sizes.items():
        print(f"docs/images/{name}.png: {size / 1000:.0f} kB")
    print(f"{len(taker.sizes)} pictures, {total / 1000:.0f} kB")
    is_small = max(taker.sizes.values()) < LARGEST_BYTES and total < LARGEST_ALL_BYTES
    return 0 if is_small else 1


@contextmanager
def _chromium(url: str) -> Iterator[Page]:
    program = require_program("chromium", "chromium-browser", install="apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with browser.new_context(reduced_motion="reduce", base_url=url) as context:
            yield context.new_page()
        browser.close()


def _sign_in(taker: Photographer) -> None:
    taker.take("sign-in", "/sign-in", width=800)
    taker.fill(user="alice", password="alice-sandbox-1")
    taker.page.locator("[name=warehouse]").select_option(label="Analytics")
    taker.press("Sign in")
    expect(taker.page.get_by_role("heading", level=1)).to_have_text("Your compute groups")


def _plan(taker: Photographer) -> None:
    address = taker.group(PRIMARY)
    taker.page.goto(f"{address}/schedule/edit")
    office = {"w0_name": "Office hours", "w0_start": "07:30", "w0_end": "18:30"}
    taker.fill(base_num_replicas="2", **office)  # smaller than the boost, whatever the hour
    for day in ("mon", "tue", "wed", "thu", "fri"):
        taker.page.locator(f"[name=w0_{day}]").check()
    taker.fill(reason="Dashboards in the morning")
    taker.press("Review schedule")
    taker.press("Save schedule")
    expect(taker.page.get_by_role("heading", level=1)).to_have_text(f"Schedule of {PRIMARY}")
    taker.take("schedule")
    taker.take("schedule-form", f"{address}/schedule/edit")


def _look(taker: Photographer) -> None:
    wait_until(lambda: "figures as of" in taker.read("/spend"), seconds=SPEND_SECONDS)
    taker.take("spend", "/spend")
    taker.take("group", taker.group(REPORTING))
    taker.take("schedules", "/schedules")


def _change(taker: Photographer) -> None:
    address = f"{taker.group(REPORTING)}/scale"
    taker.take("scale", address)
    taker.fill(num_replicas="1e2")
    taker.press("Review changes")
    taker.take("scale-errors-narrow", width=NARROW)
    taker.page.goto(address)
    taker.fill(max_memory_gb="64", reason="Month end")
    taker.press("Review changes")
    taker.take("review")
    taker.press(f"Scale {REPORTING}")
    taker.take("change")
    expect(taker.page.locator(".headline")).to_contain_text("In effect", timeout=EFFECT_MS)
    taker.take("change-narrow-dark", width=NARROW, scheme="dark")


def _boost(taker: Photographer) -> None:
    taker.page.goto(f"{taker.group(PRIMARY)}/scale?boost=1")
    taker.fill(max_memory_gb="64", reason="Closing of the books")
    taker.press("Review changes")
    taker.press(f"Boost {PRIMARY}")
    expect(taker.page.locator(".headline")).to_contain_text("In effect", timeout=EFFECT_MS)
    taker.take("group-boost-dark", taker.group(PRIMARY), scheme="dark")
    taker.take("groups", "/groups")
    taker.take("groups-narrow", "/groups", width=NARROW)
    taker.take("activity", "/activity")


def _administer(taker: Photographer) -> None:
    taker.page.context.clear_cookies()
    taker.page.goto("/admin/sign-in")
    taker.fill(user=ADMINISTRATOR, password=ADMINISTRATOR_PASSWORD)
    taker.press("Sign in")
    expect(taker.page.get_by_role("heading", level=1)).to_have_text("Administration")
    taker.take("admin")


if __name__ == "__main__":
    sys.exit(main())
