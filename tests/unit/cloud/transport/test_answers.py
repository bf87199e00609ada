"""What an answer of Cloud's means."""

import json
import math
from collections.abc import Callable

import pytest

from app.cloud.transport.answers import LONGEST_REASON, Answer, clean_text, meaning_of
from app.errors import (
    CloudAnswerLost,
    CloudError,
    CloudKeyRefused,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
)
from tests.unit.cloud.helpers import REQUEST_ID, failure, success

ODD_NO = b'{"error": "NO", "result": null}'


def error_of(status: int, body: str | bytes, headers: dict[str, str] | None = None) -> CloudError:
    """The error that the answer means."""
    content = body.encode() if isinstance(body, str) else body
    with pytest.raises(CloudError) as caught:
        meaning_of(status, headers or {}, content)
    return caught.value


def test_a_success_gives_its_result_and_the_id_of_the_request() -> None:
    assert meaning_of(200, {}, success([1]).encode()) == Answer([1], REQUEST_ID)
    assert meaning_of(200, {}, b'{"result": null}') == Answer(None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"<html>It works</html>",
        b'{"status": 200}',
        b'{"result": ',
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"result":' * 100_000,
    ],
)
def test_a_success_of_another_shape_tells_nothing_about_what_was_done(body: bytes) -> None:
    assert type(error_of(200, body)) is CloudAnswerLost


def test_what_is_nested_too_deeply_is_named() -> None:
    body = b'{"result": ' + b"[" * 2000 + b"]" * 2000 + b"}"
    assert "nested too deeply" in error_of(200, body).message
    assert error_of(404, body).upstream_status == 404


@pytest.mark.parametrize("nest", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_what_is_nested_deeply_costs_only_its_own_depth(
    nest: Callable[[object], object],
) -> None:
    deep: object = 1
    for _ in range(900):
        deep = nest(deep)
    answer = meaning_of(200, {}, json.dumps({"result": [1, deep, {"id": "x"}]}).encode())
    assert answer.result[0] == 1
    assert answer.result[2] == {"id": "x"}
    assert json.dumps(answer.result).count("null") == 1


@pytest.mark.parametrize(
    ("byte", "shown"), [(b"\t", "\t"), (b"\n", "\n"), (b"\x00", "\0"), (b"\xff", "\ufffd")]
)
def test_a_byte_that_no_text_may_have_costs_only_that_text(byte: bytes, shown: str) -> None:
    body = b'{"result": [{"name": "a' + byte + b'b", "id": "x"}]}'
    assert meaning_of(200, {}, body).result == [{"name": f"a{shown}b", "id": "x"}]


def test_one_figure_of_thousands_of_digits_does_not_cost_the_rest() -> None:
    body = b'{"result": [1, ' + b"9" * 5000 + b"]}"
    assert meaning_of(200, {}, body).result == [1, math.inf]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, CloudRejected),
        (401, CloudKeyRefused),
        (403, CloudKeyRefused),
        (404, CloudNotFound),
        (409, CloudRejected),
        (418, CloudRejected),
        (424, CloudRejected),
    ],
)
def test_a_refusal_keeps_what_cloud_said_and_the_id_of_the_request(
    status: int, kind: type[CloudRejected]
) -> None:
    error = error_of(status, failure(status, "CONFLICT: try later <number:0>"))
    assert type(error) is kind
    assert isinstance(error, CloudRejected)
    assert "CONFLICT: try later <number:0>" in error.message
    assert error.request_id == REQUEST_ID
    assert error.upstream_status == status


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_nobodys_doing_who_reads_it(status: int) -> None:
    error = error_of(status, failure(status, "NO"))
    assert error.message == "The portal's own key is refused (NO)."
    assert "whoever runs this portal" in error.remedy


@pytest.mark.parametrize("body", ["", "Bad Request", '{"error": 5}', '{"error": ""}', "[1]"])
def test_a_refusal_without_a_reason_says_so(body: str) -> None:
    error = error_of(400, body)
    assert type(error) is CloudRejected
    assert error.message == "ClickHouse Cloud refused without a reason (status 400)."
    assert error.request_id is None


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize("body", ["Bad Gateway\n", failure(500, "INTERNAL"), ""])
def test_a_fault_of_cloud_leaves_the_outcome_open(status: int, body: str) -> None:
    error = error_of(status, body)
    assert type(error) is CloudAnswerLost
    assert f"status {status}" in error.message
    assert error.remedy


@pytest.mark.parametrize("status", [100, 301, 302, 307, 308])
def test_an_answer_that_is_neither_leaves_the_outcome_open(status: int) -> None:
    headers = {"Location": "https://elsewhere.example.test/"}
    assert type(error_of(status, success([]), headers)) is CloudAnswerLost


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b'{"status": 200}', b'{"result": {}}'])
def test_a_success_that_shows_nothing_accepts_a_write_and_answers_no_reading(
    status: int, body: bytes
) -> None:
    answer = meaning_of(status, {}, body, is_write=True)
    assert not answer.result
    assert answer.status == status
    if b"result" not in body:
        assert type(error_of(status, body)) is CloudAnswerLost


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"result": ', b"[]", b"null", b'{"error": "NO"}', ODD_NO]
)
def test_a_success_that_is_no_answer_of_the_api_accepts_nothing(body: bytes) -> None:
    with pytest.raises(CloudAnswerLost):
        meaning_of(200, {}, body, is_write=True)


@pytest.mark.parametrize(
    ("reset", "wait_seconds"),
    [
        ("3.5", 4.5),
        ("0", 1.0),
        ("60", 61.0),
        ("61", 11.0),
        ("-1", 11.0),
        ("nan", 11.0),
        ("inf", 11.0),
        ("1e999", 11.0),
        ("soon", 11.0),
        ("", 11.0),
        (None, 11.0),
    ],
)
def test_too_many_requests_wait_as_long_as_cloud_says_and_a_second_more(
    reset: str | None, wait_seconds: float
) -> None:
    headers = {} if reset is None else {"X-RateLimit-Reset": reset}
    error = error_of(429, '{"error": "TOO_MANY_REQUESTS"}', headers)
    assert isinstance(error, CloudTooBusy)
    assert error.retry_after_seconds == wait_seconds
    assert error.request_id is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  two\r\n lines\t", "two lines"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("right\u202eleft\u200b\ufeff", "right left"),
        ("half\ud800", "half"),
        ("<script>", "<script>"),  # escaping is the template's work
        ("٣ Käse", "٣ Käse"),
        (None, ""),
        (5, ""),
        (["a"], ""),
    ],
)
def test_text_of_cloud_is_fit_to_be_shown_on_one_line(text: object, shown: str) -> None:
    assert clean_text(text) == shown


def test_long_text_of_cloud_is_cut() -> None:
    assert clean_text("x" * LONGEST_REASON) == "x" * LONGEST_REASON
    cut = clean_text("x" * 10_000)
    assert len(cut) == LONGEST_REASON
    assert cut.endswith("…")
    error = error_of(400, json.dumps({"error": "y" * 10_000}))
    assert len(error.message) == LONGEST_REASON
