"""How many connections there may be, and what the application must agree with."""

import resource

import pytest

from app.http.security import LARGEST_REQUEST_BYTES
from app.server import limits
from app.server.limits import SPARE_FILES, make_room_for


@pytest.mark.parametrize(
    ("soft", "hard", "raised_to", "fitting"),
    [
        (256, 4096, 1000 + SPARE_FILES, 1000),
        (256, 700, 700, 700 - SPARE_FILES),
        (256, resource.RLIM_INFINITY, 1000 + SPARE_FILES, 1000),
        (5000, 5000, None, 1000),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, 1000),
        (100, 100, 100, limits.FEWEST_CONNECTIONS),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_it_may(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised_to: int | None, fitting: int
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: told.append(both))
    assert make_room_for(1000) == fitting
    assert told == ([] if raised_to is None else [(raised_to, hard)])


def test_the_application_refuses_what_is_not_collected() -> None:
    # A body is passed on unread only if its length alone makes the application refuse it.
    assert limits.BODY_BYTES == LARGEST_REQUEST_BYTES
