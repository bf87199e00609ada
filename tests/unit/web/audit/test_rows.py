"""Events of other versions, and odd ones: each has its row, and takes no page along."""

from typing import Any

import pytest

from app.web.audit.rows import row_of

EVENT: dict[str, Any] = {
    "seq": 7,
    "time": "2026-11-27T10:00:00+00:00",
    "kind": "sensitive_update",
    "action": "confirm",
    "result": "defer",
    "error": "",
    "actor": {"user": "alice", "warehouse": "analytics", "roles": [], "method": "password"},
    "source": {"address": "10.0.0.1", "door": "page"},
    "object": {"group": "Reporting", "service_id": "", "reference": "AAAA-2222"},
    "app": {"version": "0.2.0", "host": "one"},
    "details": {"act": "scale", "diff": {"max_memory_gb": [32, 64]}},
}


def test_an_event_in_words() -> None:
    row = row_of(EVENT)
    assert (row.headline, row.result) == ("Change: scale, confirmed, about to be sent", "Pending")
    assert row.differences == ["Maximum memory per replica in GB: 32 → 64"]
    assert (row.user, row.address, row.about) == ("alice", "10.0.0.1", "Reporting")


@pytest.mark.parametrize(
    ("odd", "headline"),
    [
        ({"kind": "approval_given"}, "Approval given: scale"),
        ({"details": {"act": "resize_disk"}}, "Change: resize disk, confirmed, about to be sent"),
        ({"details": {"act": ["scale"]}}, "Change: ['scale'], confirmed, about to be sent"),
        ({"details": {"state": 5}}, "Change: confirmed, about to be sent, 5"),
    ],
)
def test_words_of_another_version_stand_as_they_are(odd: dict[str, Any], headline: str) -> None:
    assert row_of(EVENT | odd).headline == headline


def test_a_result_of_another_version_stands_as_it_is() -> None:
    assert row_of(EVENT | {"result": "half_done"}).result == "Half done"


@pytest.mark.parametrize("diff", [None, 5, [1, 2], {"max_memory_gb": 64}, {"mode": [1, 2, 3]}])
def test_an_odd_comparison_is_none(diff: object) -> None:
    assert row_of(EVENT | {"details": {"act": "scale", "diff": diff}}).differences == []


@pytest.mark.parametrize("part", ["actor", "source", "object"])
def test_what_an_event_does_not_tell_is_unknown(part: str) -> None:
    row = row_of(EVENT | {part: {}})
    assert row.user in {"alice", "unknown"}
    assert row.about in {"Reporting", ""}
