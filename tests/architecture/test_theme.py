"""The one theme file: short, and readable in light and dark by the figures of its own tokens."""

import re

import pytest

from tests.architecture.tree import ROOT

CSS = (ROOT / "static/css/portal.css").read_text(encoding="utf-8")
MOST_LINES = 250
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall(CSS)}
TEXT = ["ink", "ink-quiet", "accent", "accent-strong", "up", "moving", "resting", "off", "trouble"]
SHAPES = ["line-strong", "focus"]
THEMES = {"light": 0, "dark": 1}


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_theme_is_short() -> None:
    assert len(CSS.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", ["paper", "paper-quiet"])
def test_every_colour_of_text_stands_out_from_every_ground(theme: str, paper: str) -> None:
    side = THEMES[theme]
    ground = TOKENS[paper][side]
    ratios = {name: contrast(TOKENS[name][side], ground) for name in TEXT}
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}
    assert contrast(TOKENS["on-accent"][side], TOKENS["accent"][side]) >= 4.5
    assert contrast("#ffffff", TOKENS["masthead"][side]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SHAPES)
def test_edges_of_fields_and_the_focus_can_be_seen(theme: str, name: str) -> None:
    side = THEMES[theme]
    for paper in ("paper", "paper-quiet"):
        assert contrast(TOKENS[name][side], TOKENS[paper][side]) >= 3


def test_colours_are_named_once() -> None:
    after_tokens = CSS.split('[data-bs-theme="light"]')[1]
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", after_tokens)) <= {"#fff", "#8f2115"}
