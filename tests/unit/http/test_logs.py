"""One JSON line per event, which nothing can forge, without anything secret."""

import io
import json
import logging
import sys
from typing import Any

import pytest
from flask import Flask

from app.http.logs import JsonLines


@pytest.fixture
def lines(app: Flask) -> io.StringIO:
    """What the application writes to standard error."""
    written = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, JsonLines):
            assert isinstance(handler, logging.StreamHandler)
            handler.setStream(written)
    return written


def parse(written: io.StringIO) -> list[dict[str, Any]]:
    """Every line, each a JSON object."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def format_record(message: str, *args: object, **fields: object) -> str:
    """One record as a line."""
    record = logging.LogRecord("portal", logging.WARNING, "", 0, message, args, None)
    vars(record).update(fields)
    return JsonLines().format(record)


# ASVS 16.4.1, 1.3.3
@pytest.mark.parametrize(
    "hostile",
    [
        "a\nb",
        "a\r\nb",
        'a", "level": "error',
        "\x1b[2J",
        "\u2028\u2029\u202e",
        "\x00\x85",
        "\ud800",
        "{'a': 1}",
    ],
)
def test_no_text_can_begin_a_line_of_its_own(hostile: str) -> None:
    line = format_record("user %s", hostile, path=hostile)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()
    parsed = json.loads(line)
    assert parsed["message"] == f"user {hostile}"
    assert parsed["path"] == hostile
    assert parsed["level"] == "warning"


# ASVS 16.2.1, 16.2.2
def test_a_line_says_when_in_utc_and_how_grave() -> None:
    parsed = json.loads(format_record("something"))
    assert parsed["time"].endswith("+00:00")
    assert set(parsed) == {"time", "level", "message", "request_id"}


def test_only_known_fields_are_written() -> None:
    parsed = json.loads(format_record("request", status=200, password="canary", cookie="canary"))
    assert parsed["status"] == 200
    assert "canary" not in json.dumps(parsed)


# ASVS 16.3.4
def test_a_fault_keeps_its_trace_on_the_one_line() -> None:
    try:
        int("multi\nline")
    except ValueError:
        line = format_record("fault", exc_info=sys.exc_info())
    assert len(line.splitlines()) == 1
    assert "ValueError" in json.loads(line)["exception"]


# ASVS 14.2.1
def test_a_request_is_one_line_without_query_body_or_cookies(
    app: Flask, lines: io.StringIO
) -> None:
    client = app.test_client()
    client.set_cookie("portal", "canary-cookie", domain="127.0.0.1")
    response = client.post(
        "/sign-in/%0d%0aforged?password=canary-query",
        data={"password": "canary-body"},
        headers={"User-Agent": "canary-agent", "Authorization": "Basic canary-basic"},
        base_url="http://127.0.0.1:8000",
    )
    assert response.status_code == 404
    assert "canary" not in lines.getvalue()
    (line,) = parse(lines)
    assert (line["method"], line["path"], line["status"]) == ("POST", "/sign-in/\r\nforged", 404)
    assert line["address"] == "127.0.0.1"
    assert isinstance(line["milliseconds"], int)


def test_every_request_has_an_id_which_its_error_page_shows(app: Flask, lines: io.StringIO) -> None:
    client = app.test_client()
    pages = [client.get("/nowhere", base_url="http://127.0.0.1:8000").text for _ in range(2)]
    ids = [line["request_id"] for line in parse(lines)]
    assert len(set(ids)) == 2
    for page, request_id in zip(pages, ids, strict=True):
        assert request_id in page
