"""What the load generator sends and reads."""

import pytest

from tests.bench.wire import Answer, AnswerReader, edition_in, request_bytes

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Edition: 7-a\r\n\r\nbody"


def read(*parts: bytes) -> list[Answer | None]:
    """What a reader gives for these bytes, part by part."""
    reader = AnswerReader()
    return [reader.feed(part) for part in parts]


@pytest.mark.parametrize("cut", range(1, len(WHOLE)))
def test_an_answer_is_whole_wherever_it_was_cut(cut: int) -> None:
    assert read(WHOLE[:cut], WHOLE[cut:]) == [None, Answer(200, b"body", "7-a", is_kept=True)]


def test_an_answer_without_a_body_is_whole_at_the_end_of_its_head() -> None:
    answer = Answer(204, b"", None, is_kept=True)
    assert read(b"HTTP/1.1 204 NO CONTENT\r\nServer: x\r\n\r\n") == [answer]


def test_chunks_are_read_to_the_last() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    first, second = read(head + b"2\r\nab\r\n", b"0\r\n\r\n")
    assert first is None
    assert second is not None
    assert second.status == 200


def test_a_connection_that_ends_is_not_kept() -> None:
    (answer,) = read(b"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 0\r\n\r\n")
    assert answer == Answer(200, b"", None, is_kept=False)


def test_a_reader_reads_one_answer_after_the_other() -> None:
    assert [bool(answer) for answer in read(WHOLE, WHOLE)] == [True, True]


def test_a_poll_names_the_edition_of_its_page_and_others_name_none() -> None:
    edition = edition_in(b'<div data-live="/groups/live" data-edition="7-a">')
    assert edition == "7-a"
    assert b"\r\nX-Edition: 7-a\r\n" in request_bytes(80, "/groups/live", "session=x", edition)
    assert b"X-Edition" not in request_bytes(80, "/groups/live", "", edition_in(b"<div>"))
