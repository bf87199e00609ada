"""`make screenshots`: one small picture of each page for the README and for a look by eye.

Pages are shown as `tests.browser.tour` finds them; a page that has no picture yet is added to
PICTURES by the name of its stop.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.tour import Stop, Tour
from tests.pages.admin.administrator import NAME, PASSWORD
from tests.support.portal import (
    NO_BUDGET,
    ROOT,
    administrator_settings,
    running_portal,
)
from tests.support.requirements import require_program
from tests.support.sandbox import running_sandbox

FOLDER = ROOT / "docs/images"
LARGEST_BYTES = 80_000
LARGEST_ALL_BYTES = 600_000
TALLEST_PX = 960
COLOURS = 128
"""Enough for these pages, and half the bytes."""
# Stop of the tour: file, width in px, colours.
PICTURES = {
    "sign-in": ("sign-in", 800, "light"),
    "groups": ("groups", 960, "light"),
    "group-running": ("group", 960, "light"),
    "group-idle": ("group-idle-dark", 960, "dark"),
    "scale": ("scale", 960, "light"),
    "scale-errors": ("scale-errors-narrow", 360, "light"),
    "review": ("review", 960, "light"),
    "change-accepted": ("change", 960, "light"),
    "change-applied": ("change-narrow-dark", 360, "dark"),
    "account": ("account", 960, "light"),
    "admin": ("admin", 960, "light"),
    "not-found": ("not-found", 800, "light"),
}


def main() -> int:
    """Write the pictures; 1 if one of them, or all together, are too large to be committed."""
    sizes = {}
    with _stops() as stops, _chromium() as page:
        for stop in stops:
            if stop.name in PICTURES:
                path = _picture(stop, page)
                sizes[path.name] = path.stat().st_size
                print(f"{path.relative_to(ROOT)}: {sizes[path.name] / 1000:.0f} kB")
    missing = {name for name, _, _ in PICTURES.values()} - {Path(name).stem for name in sizes}
    print(f"{len(sizes)} pictures, {sum(sizes.values()) / 1000:.0f} kB", *missing)
    is_small = max(sizes.values()) < LARGEST_BYTES and sum(sizes.values()) < LARGEST_ALL_BYTES
    return 0 if is_small and not missing else 1


@contextmanager
def _stops() -> Iterator[Iterator[Stop]]:
    with running_sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        sandbox.reset()
        with running_portal(
            Path(folder),
            sandbox,
            entry=NO_BUDGET,
            **administrator_settings(NAME, PASSWORD),
        ) as portal:
            yield Tour(portal, sandbox).stops()


@contextmanager
def _chromium() -> Iterator[Page]:
    program = require_program("chromium", "chromium-browser", install="apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with browser.new_context(reduced_motion="reduce") as context:
            yield context.new_page()
        browser.close()


def _picture(stop: Stop, page: Page) -> Path:
    name, width, scheme = PICTURES[stop.name]
    page.set_viewport_size({"width": width, "height": 400})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its words
    stop.show(page)
    height = min(TALLEST_PX, int(page.evaluate("document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": width, "height": height})
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        few_colours = picture.convert("RGB").quantize(COLOURS)
    few_colours.save(path, optimize=True)
    return path


if __name__ == "__main__":
    sys.exit(main())
