"""What a driver's error means for people, by SQLite's codes and by SQLSTATE."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.store.database import errors
from app.store.database.errors import Fault, unavailable

FAULTS = [
    ("55P03", errors.LOCKED),
    ("57014", errors.LOCKED),
    ("40001", errors.LOCKED),
    ("40P01", errors.LOCKED),
    ("53100", errors.FULL),
    ("53300", errors.CROWDED),
    ("25006", errors.READ_ONLY),
    ("42501", errors.READ_ONLY),
    ("08006", errors.UNREACHABLE),
    ("57P01", errors.UNREACHABLE),
    ("57P03", errors.UNREACHABLE),
    (None, errors.UNREACHABLE),
    ("XX001", errors.DAMAGED),
    ("42P01", errors.UNNAMED),
]


class PsycopgError(Exception):
    """As psycopg raises it, as far as it is looked at."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("canary")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("state", "fault"), FAULTS)
def test_each_sqlstate_has_the_words_of_its_cause(state: str | None, fault: Fault) -> None:
    told = unavailable(DBAPIError("SELECT", {}, PsycopgError(state)))
    assert told.message == fault.message
    assert fault.remedy in told.remedy
    assert "canary" not in told.message + told.remedy


def test_a_connection_that_is_lost_is_told_so_whatever_the_server_said_last() -> None:
    error = DBAPIError("SELECT", {}, PsycopgError("XX000"), connection_invalidated=True)
    assert unavailable(error).message == errors.UNREACHABLE.message


def test_a_pool_without_a_free_connection_is_crowded() -> None:
    assert unavailable(PoolTimeoutError()).message == errors.CROWDED.message
