"""Requests come out of the bytes of a connection when they are complete, and not earlier."""

from unittest.mock import patch

import pytest
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidChunkSize,
    InvalidHeader,
    InvalidRequestLine,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)

from app.server import bodies
from app.server.limits import BODY_BYTES, HEAD_BYTES, MOST_CHUNKS
from tests.unit.server.incoming import GET, HOST, collector, post

BODY = b"user=alice&x=1"
SIZED = post(b"Content-Length: %d" % len(BODY), BODY)
CHUNKED = post(
    b"Transfer-Encoding: chunked", b"4\r\nuser\r\na;x=y\r\n=alice&x=1\r\n0\r\nX-T: 1\r\n\r\n"
)


@pytest.mark.parametrize(("raw", "body"), [(GET, b""), (SIZED, BODY), (CHUNKED, BODY)])
def test_a_request_is_there_with_its_last_byte(raw: bytes, body: bytes) -> None:
    arriving = collector()
    for position in range(len(raw)):
        assert arriving.take() is None, raw[:position]
        arriving.feed(raw[position : position + 1])
    assert arriving.take().body.read() == body
    assert arriving.is_empty


@pytest.mark.parametrize("first", [GET, SIZED, CHUNKED])
def test_what_was_sent_ahead_is_the_next_request(first: bytes) -> None:
    arriving = collector()
    arriving.feed(first + SIZED + GET[:9])
    assert arriving.take() is not None
    assert arriving.take().body.read() == BODY
    assert arriving.take() is None
    arriving.feed(GET[9:])
    assert arriving.take().path == "/groups"


def test_an_application_that_reads_no_body_does_not_shift_the_next_request() -> None:
    arriving = collector()
    arriving.feed(SIZED + GET)
    assert arriving.take().method == "POST"
    assert arriving.take().method == "GET"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"GET /" + b"a" * 2100, LimitRequestLine),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (HEAD_BYTES // 6), LimitRequestHeaders),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 51 + b"\r\n", LimitRequestHeaders),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 9000 + b"\r\n\r\n", LimitRequestHeaders),
        (b"GET / HTTP/1.1\nHost: x\n\n", InvalidRequestLine),
        (b"GET / HTTP/1.1\r\nHost: x\n\n", InvalidHeader),
        (b"GET\r\n\r\n", InvalidRequestLine),
        (b"\r\n\r\n" + GET, InvalidRequestLine),
        (post(b"Content-Length: 1\r\nContent-Length: 2"), InvalidHeader),
        (post(b"Content-Length: 1\r\nTransfer-Encoding: chunked"), InvalidHeader),
        (post(b"Expect: tea"), ExpectationFailed),
    ],
    ids=lambda item: repr(item)[:40],
)
def test_what_is_no_request_is_refused_as_gunicorn_does_it(
    raw: bytes, error: type[ParseException]
) -> None:
    arriving = collector()
    arriving.feed(raw)
    with pytest.raises(error):
        arriving.take()


def test_a_line_end_without_carriage_return_is_found_across_pieces() -> None:
    arriving = collector()
    arriving.feed(b"GET / HTTP/1.1\r\nHost: x\r")
    assert arriving.take() is None
    arriving.feed(b"\n")
    assert arriving.take() is None
    arriving.feed(b"\n")
    with pytest.raises(InvalidHeader):
        arriving.take()


def test_a_body_that_is_announced_too_long_is_not_waited_for() -> None:
    arriving = collector()
    arriving.feed(post(b"Content-Length: %d" % (BODY_BYTES + 1), b"x" * 100))
    request = arriving.take()
    assert request.should_close()
    assert request.body.read() == b""


def test_a_body_in_chunks_is_collected_until_it_is_too_long() -> None:
    arriving = collector()
    arriving.feed(post(b"Transfer-Encoding: chunked", b"fffff\r\n" + b"x" * BODY_BYTES))
    assert arriving.take() is None
    arriving.feed(b"x")
    request = arriving.take()
    assert request.should_close()
    assert len(request.body.read()) == BODY_BYTES + 1  # one more than the application accepts


def test_the_longest_body_is_collected() -> None:
    arriving = collector()
    arriving.feed(post(b"Content-Length: %d" % BODY_BYTES, b"x" * BODY_BYTES))
    request = arriving.take()
    assert not request.should_close()
    assert len(request.body.read()) == BODY_BYTES


def test_a_client_that_asks_is_told_once_to_send_the_body() -> None:
    arriving = collector()
    arriving.feed(post(b"Content-Length: 3\r\nExpect: 100-continue"))
    assert arriving.take() is None
    assert arriving.take_go_ahead()
    assert not arriving.take_go_ahead()
    arriving.feed(b"a=b")
    assert not arriving.take()._expected_100_continue  # gunicorn does not say it again


def test_a_body_that_will_be_refused_is_not_asked_for() -> None:
    arriving = collector()
    arriving.feed(post(b"Content-Length: 900000\r\nExpect: 100-continue"))
    assert not arriving.take()._expected_100_continue
    assert not arriving.take_go_ahead()


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\n",
        b"\r\n",
        b"-1\r\n",
        b"5 \r\nhello",
        b"5;a\rb\r\n",
        b"5\nhello",
        b"5\r\nhelloXX",
        b"0" * 300,
        b"1" * 17 + b"\r\n",
        b"0\r\nNo colon here\r\n",
        b"0\r\nHost: elsewhere\r\n",
        b"0\r\nX: 1\n",
        b"0\r\n" + b"X: 1\r\n" * 11,
    ],
)
def test_chunks_that_make_no_sense_are_refused_at_once(chunks: bytes) -> None:
    arriving = collector()
    arriving.feed(post(b"Transfer-Encoding: chunked", chunks))
    with pytest.raises(ParseException):
        arriving.take()


def in_chunks(number: int) -> bytes:
    """A body of one byte in each of so many chunks."""
    return post(b"Transfer-Encoding: chunked", b"1\r\nx\r\n" * number + b"0\r\n\r\n")


def test_a_body_may_have_many_chunks() -> None:
    arriving = collector()
    arriving.feed(in_chunks(MOST_CHUNKS - 1))
    assert len(arriving.take().body.read()) == MOST_CHUNKS - 1


def test_a_body_in_tiny_chunks_is_refused_before_it_is_read_to_its_end() -> None:
    arriving = collector()
    arriving.feed(in_chunks(BODY_BYTES))
    with (
        patch.object(bodies, "_take_line", wraps=bodies._take_line) as work,
        pytest.raises(InvalidChunkSize),
    ):
        arriving.take()
    assert work.call_count == MOST_CHUNKS + 1


def test_the_address_and_headers_are_those_that_were_sent() -> None:
    arriving = collector()
    arriving.feed(b"GET /a%20b?c=d HTTP/1.1\r\n" + HOST + b"X-One: 1\r\n\r\n")
    request = arriving.take()
    assert (request.path, request.query) == ("/a%20b", "c=d")
    assert ("X-ONE", "1") in request.headers
