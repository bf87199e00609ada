"""What must hold for every answer of the portal, whatever page it is.

The expected headers are written down here and not taken from the portal: a header that somebody
drops there must fail here.
"""

import re
from collections.abc import Callable
from itertools import chain
from urllib.parse import urlsplit

import html5lib
import requests
from bs4 import BeautifulSoup, Tag

TITLE = "Compute groups (sandbox)"
HEADERS = {
    # ASVS 3.4.3, 3.4.6
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # ASVS 3.4.5
    "X-Content-Type-Options": "nosniff",  # ASVS 3.4.4
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",  # ASVS 3.4.8
    "Cross-Origin-Resource-Policy": "same-origin",  # ASVS 3.5.8
    "Cross-Origin-Embedder-Policy": "require-corp",
}
FORBIDDEN_HEADERS = ("Access-Control-Allow-Origin", "X-Powered-By")  # ASVS 3.4.2
ADDRESSES = ("href", "src", "action", "formaction", "poster", "srcset", "data-live")


def check_headers(response: requests.Response) -> None:
    """The headers of every answer, and the flags of every cookie."""
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, name
    assert "camera=()" in response.headers["Permissions-Policy"]
    for name in FORBIDDEN_HEADERS:
        assert name not in response.headers
    assert not re.search(r"\d", response.headers.get("Server", "")), "it tells its version"
    is_kept = urlsplit(response.url).path.startswith(("/static/", "/bootstrap/"))
    if not is_kept:
        assert response.headers.get("Cache-Control") == "no-store"  # ASVS 14.2.2
    if "Set-Cookie" in response.headers:
        _check_cookie(response.headers["Set-Cookie"])


def _check_cookie(text: str) -> None:
    flags = {part.strip().lower() for part in text.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags, flags  # ASVS 3.3.1 to 3.3.4
    assert not any(flag.startswith("domain") for flag in flags)


PASSING = re.compile(
    rb"""(?<=value=")[\w.-]{60,}(?=")   # the token of a form
    | (?<=datetime=")[^"]*             # a moment, for programs
    | \d\d:\d\d(:\d\d)?               # and for people
    | \b[2-9A-Z]{4}-[2-9A-Z]{4}\b      # the reference of a change
    | \b[0-9a-f]{16}\b                # the id of a request
    | \b\d+(?=\ s\b|\ seconds?\b)""",
    re.VERBOSE,
)
"""What differs between two answers that are the same page otherwise."""

_passed: set[tuple[bytes, str, bool]] = set()


def check_once(
    response: requests.Response, check: Callable[[], None], *, is_signed_in: bool
) -> None:
    """Check an answer, unless this worker has seen the same page pass.

    Taking pages apart is most of the tests' own work, and most of them come back many times.
    """
    shape = PASSING.sub(b"", response.content)
    seen = (shape, response.headers["Content-Type"], is_signed_in)
    if seen not in _passed:
        check()
        _passed.add(seen)


def check_page(response: requests.Response, soup: BeautifulSoup, *, is_signed_in: bool) -> None:
    """A whole page: well-formed, titled, labelled, and with a way to sign out if signed in."""
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"  # ASVS 4.1.1
    check_markup(response.content, soup, is_fragment=False)
    _check_title(soup)
    sign_out = soup.select_one('form[method="post"][action="/sign-out"]')
    assert (sign_out is not None) == is_signed_in, "sign-out control"  # ASVS 7.4.4
    assert len(soup.find_all("main")) == 1
    assert soup.html is not None
    assert soup.html.get("lang") == "en"


def check_fragment(response: requests.Response, soup: BeautifulSoup) -> None:
    """A part of a page: as well-formed as the page it goes into."""
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    check_markup(response.content, soup, is_fragment=True)
    framing = soup.find_all(["h1", "html", "title"])
    assert [tag for tag in framing if tag.find_parent("svg") is None] == []


def check_markup(content: bytes, soup: BeautifulSoup, *, is_fragment: bool) -> None:
    """Well-formed HTML without inline code, foreign addresses, missing labels or dead links."""
    _check_syntax(content, is_fragment=is_fragment)
    _check_ids(soup)
    _check_labels(soup)
    _check_inline(soup)
    _check_addresses(soup)


def _check_syntax(content: bytes, *, is_fragment: bool) -> None:
    parser = html5lib.HTMLParser()
    text = content.decode("utf-8")  # raises for anything else
    parser.parseFragment(text) if is_fragment else parser.parse(text)
    assert parser.errors == [], parser.errors


def _check_title(soup: BeautifulSoup) -> None:
    headings = [words(tag) for tag in soup.find_all("h1")]
    assert len(headings) == 1, headings
    title = words(soup.title) if soup.title else ""
    assert title.endswith(f" \N{EN DASH} {TITLE}"), title
    has_summary = soup.select_one(".error-summary") is not None
    assert title.startswith("Error: ") == has_summary, title
    assert headings[0] in title, (headings, title)


def _check_ids(soup: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)), ids
    pointed = chain(
        (str(tag["href"])[1:] for tag in soup.select('a[href^="#"]')),
        (str(tag["for"]) for tag in soup.select("label[for]")),
        *(
            str(tag[name]).split()
            for name in ("aria-describedby", "aria-labelledby", "aria-controls")
            for tag in soup.select(f"[{name}]")
        ),
    )
    assert set(pointed) <= set(ids), set(pointed) - set(ids)


def _check_labels(soup: BeautifulSoup) -> None:
    labelled = {str(tag["for"]) for tag in soup.select("label[for]")}
    for tag in soup.find_all(["input", "select", "textarea"]):
        if tag.get("type") in {"hidden", "submit"}:
            continue
        has_label = tag.get("id") in labelled or tag.find_parent("label") or tag.get("aria-label")
        assert has_label, tag
    for button in soup.find_all("button"):
        assert words(button) or button.get("aria-label"), button


def _check_inline(soup: BeautifulSoup) -> None:
    assert not soup.find_all("style")
    assert all(tag.get("src") and not words(tag) for tag in soup.find_all("script"))
    assert not soup.select('meta[http-equiv="refresh" i], base, iframe, object, embed')
    for tag in soup.find_all(True):
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        assert not inline, tag


def _check_addresses(soup: BeautifulSoup) -> None:
    for name in ADDRESSES:
        for tag in soup.select(f"[{name}]:not(.note a)"):  # the operators' own links
            address = str(tag[name])
            # ASVS 3.6.1: nothing from another host.
            assert re.match(r"#|/(?!/)|\Z", address), address
            assert "password=" not in address  # ASVS 14.2.1


def words(tag: Tag) -> str:
    """The text of an element, blanks folded."""
    return " ".join(tag.get_text().split())
