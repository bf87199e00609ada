"""What people type, as numbers; and the tokens of forms."""

from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import validate_csrf
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.forms import parse_number


@pytest.mark.parametrize("text", [None, "", " ", "\t\r\n", "\u00a0"])
def test_nothing_typed_is_nothing(text: str | None) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16", 16),
        (" 16 ", 16),
        ("\u00a016\n", 16),
        ("0016", 16),
        ("-3", -3),
        ("0", 0),
        ("16 GB", 16),
        ("16gb", 16),
        ("16 GiB", 16),
        ("15 min", 15),
        ("15 Minutes", 15),
        ("1 minute", 1),
        ("3 replicas", 3),
        ("999999999", 999_999_999),
    ],
)
def test_a_whole_number_is_read_with_the_unit_that_the_page_names(text: str, number: int) -> None:
    assert parse_number(text) == number


# ASVS 2.2.1
@pytest.mark.parametrize(
    "text",
    [
        "1e2",
        "16.5",
        "16.0",
        "16,0",
        "1,000",
        "1 000",
        "1_000",
        "+16",
        "--1",
        "0x10",
        "٣",
        "\uff11\uff16",  # full width
        "²",
        "NaN",
        "inf",
        "true",
        "16 MB",
        "16\u2003GB",  # a space that is none of ours
        "3 replica\u017f",  # a long s, which some rules take for an s
        "16 GB 3",
        "GB",
        "16\n17",
        "16\u00a0GB\u200b",
        "9999999999",
        "9" * 10_000,
        "<script>",
        "16;--",
        "\x0016",
    ],
)
def test_anything_else_stays_the_text_that_was_typed(text: str) -> None:
    assert parse_number(text) == text


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(text=st.text(max_size=30) | st.from_regex(r"\A\s*[-+]?\d{1,12}(\.\d+)?\s*\w*\Z"))
def test_no_text_is_a_fault_and_every_number_is_written_in_ordinary_digits(text: str) -> None:
    found = parse_number(text)
    if isinstance(found, int):
        assert str(abs(found)) in text
    else:
        assert found == (text.strip() or None)


def test_a_session_has_one_token_for_all_its_forms_and_no_other_session_has_it(app: Flask) -> None:
    def token_of(secret: str) -> str:
        with app.test_request_context("/"):
            session["csrf_token"] = secret
            context: dict[str, Any] = {}
            app.update_template_context(context)
            token = str(context["csrf_token"]())
            validate_csrf(token)
            return token

    first, second = token_of("a" * 40), token_of("b" * 40)
    assert first != second
    assert token_of("a" * 40) == first
