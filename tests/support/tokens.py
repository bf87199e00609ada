"""Personal tokens of the sandbox's people, made on their account page as people make them."""

import re
from collections.abc import Iterable

from tests.api.client import ApiClient
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess

SECRET = re.compile("cgp_[0-9A-Za-z]{36}")


def make_token(
    browser: Browser,
    person: str,
    groups: Iterable[str],
    permissions: Iterable[str] = ("view",),
    **fields: str,
) -> str:
    """A new token for these ids of services; `fields` are further ones of the form."""
    browser.get("/account/tokens/new")
    boxes = {f"group_{item.replace('-', '_')}": "y" for item in groups}
    boxes |= {f"permission_{item}": "y" for item in permissions}
    typed = {"name": f"token {len(boxes)}", "password": f"{person}-sandbox-1"}
    return secret_on(browser.submit("Make token", typed | boxes | fields))


def secret_on(page: Page) -> str:
    """The token that the page shows."""
    secret = page.soup.select("#token code")[0].get_text()
    assert SECRET.fullmatch(secret)
    return secret


class TokenClient(ApiClient):
    """Calls with a token."""

    def __init__(self, portal: PortalProcess, secret: str) -> None:
        super().__init__(portal.url)
        self.session.headers["Authorization"] = f"Bearer {secret}"
