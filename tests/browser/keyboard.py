"""A person who has a keyboard and no mouse."""

from playwright.sync_api import Page

MOST_TABS = 90


def reach(page: Page, role: str, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _ in range(MOST_TABS):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{role} {name!r} cannot be reached with the Tab key")


def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    """Reach it, and press a key there."""
    reach(page, role, name)
    page.keyboard.press(key)


def fill(page: Page, role: str, name: str, text: str) -> None:
    """Reach it, and type in the place of what is there."""
    reach(page, role, name)
    if role == "textbox":
        page.keyboard.press("Control+a")
    page.keyboard.type(text)
