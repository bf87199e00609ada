"""What the MDN HTTP Observatory would give an answer: its rules for headers, as it documents them.

https://github.com/mdn/mdn-http-observatory, src/grader: the score begins at 100, and what is good
counts only from 90 up.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie

BEGIN = 100
GOOD_COUNTS_FROM = 90
HALF_A_YEAR_SECONDS = 15_768_000


def score(headers: Mapping[str, str]) -> int:
    """The score of one answer."""
    marks = [*_policy(headers), *_cookies(headers), *_transport(headers), *_others(headers)]
    bad = BEGIN + sum(mark for mark in marks if mark < 0)
    return bad + sum(mark for mark in marks if mark > 0) if bad >= GOOD_COUNTS_FROM else bad


def _policy(headers: Mapping[str, str]) -> list[int]:
    text = headers.get("Content-Security-Policy", "")
    if not text:
        return [-25]
    parts = {part.split()[0]: part.split()[1:] for part in text.split(";")}
    if any("unsafe" in word for words in parts.values() for word in words):
        return [-20]
    is_strict = parts.get("default-src") == ["'none'"] and parts.get("form-action") in (
        ["'none'"],
        ["'self'"],
    )
    framing = 5 if parts.get("frame-ancestors") == ["'none'"] else -20
    return [10 if is_strict else 0, framing]


def _cookies(headers: Mapping[str, str]) -> list[int]:
    marks = []
    for morsel in SimpleCookie(headers.get("Set-Cookie", "")).values():
        marks += [0 if morsel["secure"] else -40, 0 if morsel["httponly"] else -30]
        marks.append(5 if morsel["samesite"] in {"Lax", "Strict"} else 0)
    return marks


def _transport(headers: Mapping[str, str]) -> list[int]:
    text = headers.get("Strict-Transport-Security", "")
    if not text:
        return [-20]
    seconds = int(text.partition("max-age=")[2].partition(";")[0])
    return [0 if seconds >= HALF_A_YEAR_SECONDS else -10]


def _others(headers: Mapping[str, str]) -> list[int]:
    private = headers.get("Referrer-Policy") in {"no-referrer", "same-origin"}
    return [
        5 if private else 0,
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        10 if headers.get("Cross-Origin-Opener-Policy") == "same-origin" else 0,
        10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
        10 if headers.get("Cross-Origin-Embedder-Policy") == "require-corp" else 0,
        -50 if headers.get("Access-Control-Allow-Origin") == "*" else 0,
    ]
