"""Pressing the button that confirms a draft, from many windows at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.support.browser import Browser


def at_once(actions: list[Callable[[], int]]) -> list[int]:
    """The statuses of the answers, in order of size."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], int]) -> int:
        barrier.wait(10)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def press(browser: Browser, path: str, token: str) -> Callable[[], int]:
    """What posts the form of a page without looking at it again; it returns the status."""
    fields = {"csrf_token": token}
    headers = {"Sec-Fetch-Site": "same-origin"}
    window = browser.clone()
    return lambda: window.fetch("POST", path, data=fields, headers=headers).status_code
