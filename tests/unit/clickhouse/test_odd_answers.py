"""Whatever ClickHouse answers, it proves nobody but who asked, and nothing that it does not say."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.clickhouse.answers import UnknownError, VerifiedUser, is_enough, judge
from app.clickhouse.exchange import Answer
from app.errors import CredentialRefusal
from tests.support.cloud_json import ANY_JSON, FEW, MANY

RIGHT_PASSWORD = {"497", "164", "46", "60"}
"""Codes of errors that come only after the password was found to be right."""

ROW = {"user": "alice", "version": "26.9.2.1", "roles": ["analyst"]}
ROWS = st.fixed_dictionaries(
    {}, optional={name: ANY_JSON | st.just(value) for name, value in ROW.items()}
)
BODIES = (
    st.binary(max_size=60)
    | ANY_JSON.map(lambda value: json.dumps(value).encode())
    | ROWS.map(lambda row: json.dumps(row).encode())
    | st.integers(0, 999_999).map(lambda code: f"Code: {code}. DB::Exception".encode())
)
CODES = (
    st.none()
    | st.sampled_from(sorted(RIGHT_PASSWORD))
    | st.text(max_size=8)
    | st.integers(0, 999_999).map(str)
)
ANSWERS = st.builds(Answer, st.integers(100, 599) | st.just(200), CODES, BODIES)


def check_answer(answer: Answer) -> None:
    """Somebody is proven by a code that says so, or by the row that was asked for."""
    if answer.exception_code is not None:
        is_enough(answer.exception_code)
    found = judge(answer, user="alice")
    if not isinstance(found, VerifiedUser):
        assert isinstance(found, CredentialRefusal | UnknownError)
        return
    assert found.user == "alice"
    if found.version is None:
        said = answer.exception_code or answer.body.split(b".")[0].split(b",")[0][6:].decode()
        assert str(int(said)) in RIGHT_PASSWORD
    else:
        assert answer.status == 200
        assert json.loads(answer.body)["user"] == "alice"


@given(ANSWERS)
@example(Answer(200, None, json.dumps(ROW).encode()))
@example(Answer(200, None, json.dumps(ROW | {"user": "default"}).encode()))
@example(Answer(500, "9999", b""))
@settings(FEW, max_examples=300)
def test_an_answer_proves_only_what_it_says(answer: Answer) -> None:
    check_answer(answer)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(ANSWERS)
@MANY
def test_an_answer_proves_only_what_it_says_ten_thousand_times(answer: Answer) -> None:
    check_answer(answer)
