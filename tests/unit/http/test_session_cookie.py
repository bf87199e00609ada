"""The signed cookie: whoever it is of, a clock that is set back does not sign them out."""

import pytest
from flask import Flask, session
from itsdangerous import TimestampSigner

from app.http.session_cookie import MOST_BYTES, SessionCookies, fits_cookie


def signed(app: Flask, monkeypatch: pytest.MonkeyPatch, *, seconds: int) -> str:
    """A cookie as it was signed so many seconds after now."""
    signing = SessionCookies().get_signing_serializer(app)
    assert signing is not None
    now = TimestampSigner.get_timestamp
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda signer: now(signer) + seconds)
        return str(signing.dumps({"who": "alice"}))


@pytest.mark.parametrize("seconds", [0, 3, 7200, -86_400])
def test_a_cookie_is_taken_whatever_the_clock_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    cookie = f"portal={signed(app, monkeypatch, seconds=seconds)}"
    with app.test_request_context(headers={"Cookie": cookie}):
        assert session["who"] == "alice"


@pytest.mark.parametrize("cookie", ["", "portal=", "portal=x.y.z", "portal={}x"])
def test_a_cookie_that_was_not_signed_here_is_none(
    app: Flask, monkeypatch: pytest.MonkeyPatch, cookie: str
) -> None:
    forged = cookie.format(signed(app, monkeypatch, seconds=0))
    with app.test_request_context(headers={"Cookie": forged}):
        assert not session


def test_what_fits_is_measured_as_it_is_sent(app: Flask) -> None:
    with app.app_context():
        assert fits_cookie({"text": "x" * 3000})
        assert fits_cookie({"text": "x" * 30_000})  # Flask compresses it
        odd = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(2500))
        assert not fits_cookie({"text": odd})
        assert MOST_BYTES < 4096
