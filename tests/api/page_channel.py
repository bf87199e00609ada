"""A payload through the pages: typed into the form, reviewed, confirmed, and the codes read back.

Pages show sentences; each is traced back to its code by the one table of sentences.
"""

import re

from app.domain.messages import MESSAGES
from tests.api.payloads import Codes, Payload
from tests.support.browser import Browser, Page

ONE_FIELD = {"min_memory_gb": "memory_gb", "max_memory_gb": "memory_gb"}
"""Groups of one fixed size have one field for both."""
FIELDS = (
    "min_memory_gb",
    "max_memory_gb",
    "memory_gb",
    "num_replicas",
    "min_replicas",
    "max_replicas",
    "idle_scaling",
    "idle_timeout_minutes",
    "reason",
)
PATTERNS = {
    code: re.compile(re.sub(r"\\\{[^}]*\\\}", ".+?", re.escape(text)))
    for code, text in MESSAGES.items()
}
UNCHANGED = "There is nothing to change."


def ask_by_page(browser: Browser, payload: Payload, service_id: str) -> Page:
    """Type the payload into the form and press its button; a change goes on to the review."""
    page = browser.get(f"/groups/{service_id}/scale")
    is_fixed = page.soup.select_one("#memory_gb") is None
    typed = {} if is_fixed else {"memory_gb": _field_text(payload.body.get("max_memory_gb"))}
    names = {*payload.body, "min_memory_gb", "max_memory_gb"} - (
        set() if is_fixed else {*ONE_FIELD}
    )
    typed |= {name: _field_text(payload.body.get(name)) for name in names}
    review = re.compile("/changes/[2-9A-Z]{4}-[2-9A-Z]{4}/review")
    return browser.submit(
        "Review changes",
        typed,
        status=422 if payload.codes else 200,
        to=review if payload.patch else None,
    )


def confirm_by_page(browser: Browser, payload: Payload, password: str) -> None:
    """Press the button of the review page, with the password where it asks for it."""
    asks = browser.page.soup.select_one("#password") is not None
    browser.submit(
        f"Scale {payload.group}",
        {"password": password} if asks else {},
        to=re.compile("/changes/[2-9A-Z]{4}-[2-9A-Z]{4}"),
    )


def codes_on(page: Page) -> Codes:
    """Field and code of every problem that the page shows."""
    shown = {name: page.problem(name) for name in FIELDS}
    return frozenset((name, _code_of(text)) for name, text in shown.items() if text)


def as_on_page(codes: Codes, page: Page) -> Codes:
    """The codes under the names that the form of this page has for the fields."""
    if page.soup.select_one("#memory_gb") is None:
        return codes
    return frozenset((ONE_FIELD.get(name, name), code) for name, code in codes)


def _code_of(text: str) -> str:
    (code,) = (code for code, pattern in PATTERNS.items() if pattern.fullmatch(text))
    return code


def _field_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)
