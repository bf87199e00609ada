"""What a change means, in the words of the review page."""

import pytest

from app.domain.changes.consequences import consequences
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from tests.unit.builders import HORIZONTAL, VERTICAL, changed, make_service

AWAKE = changed(VERTICAL, idle_scaling=False)


@pytest.mark.parametrize(
    ("was", "target", "words"),
    [
        (VERTICAL, changed(VERTICAL, max_memory_gb=64), ["can scale up further"]),
        (VERTICAL, changed(VERTICAL, max_memory_gb=16), ["new, smaller replicas start"]),
        (
            VERTICAL,
            changed(VERTICAL, min_memory_gb=64, max_memory_gb=64),
            ["It scales up as", "costs more"],
        ),
        (VERTICAL, changed(VERTICAL, min_memory_gb=8, max_memory_gb=8), ["new, smaller"]),
        (VERTICAL, changed(VERTICAL, min_memory_gb=32), ["costs more"]),
        (VERTICAL, changed(VERTICAL, min_memory_gb=8), ["scale down further"]),
        (
            VERTICAL,
            changed(VERTICAL, min_replicas=5, max_replicas=5),
            ["go from 3 to 5", "can scale up further", "costs more"],
        ),
        (
            VERTICAL,
            changed(VERTICAL, min_replicas=2, max_replicas=2),
            ["go from 3 to 2", "up to an hour", "scale down further"],
        ),
        (HORIZONTAL, changed(HORIZONTAL, max_replicas=4), ["the replicas that go may go on"]),
        (
            VERTICAL,
            changed(VERTICAL, min_memory_gb=8, max_memory_gb=64),
            ["can scale up further", "scale down further"],
        ),
        (VERTICAL, AWAKE, ["all the time"]),
        (AWAKE, VERTICAL, ["waits about a minute"]),
        (VERTICAL, changed(VERTICAL, idle_timeout_minutes=30), ["after 30 minutes"]),
        (AWAKE, changed(AWAKE, idle_timeout_minutes=30), []),
        (VERTICAL, VERTICAL, []),
    ],
)
def test_every_kind_of_change_has_its_sentences_and_no_others(
    was: ScalingConfig, target: ScalingConfig, words: list[str]
) -> None:
    said = consequences(was, target, make_service())
    assert len(said) == len(words)
    for sentence, word in zip(said, words, strict=True):
        assert word in sentence
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("service", "word"),
    [
        (make_service(active_entry="Campaign days"), "“Campaign days” is active"),
        (make_service(active_entry="Night", state=ServiceState.IDLE), "“Night” is active"),
        (make_service(state=ServiceState.IDLE), "when it next runs"),
        (make_service(state=ServiceState.STOPPED), "when it next runs"),
    ],
)
def test_what_takes_effect_later_says_when(service: Service, word: str) -> None:
    said = consequences(VERTICAL, changed(VERTICAL, max_memory_gb=64), service)
    assert len(said) == 2
    assert word in said[-1]


def test_without_a_service_the_sizes_still_have_their_sentences() -> None:
    assert len(consequences(VERTICAL, changed(VERTICAL, max_memory_gb=64), None)) == 1
