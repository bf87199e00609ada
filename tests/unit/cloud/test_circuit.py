"""A Cloud that fails again and again is left alone, then tried with one safe call."""

import threading
import time

import pytest

from app.cloud import circuit as cloud_circuit
from app.cloud.circuit import FAILURES, Circuit
from app.errors import (
    CloudAnswerLost,
    CloudDown,
    CloudError,
    CloudNotAsked,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
)

LOST = CloudAnswerLost(message="No answer.")
ANSWERS: list[CloudError] = [
    CloudTooBusy(message="Busy.", retry_after_seconds=1),
    CloudRejected(message="No.", request_id=None, upstream_status=400),
]


def call(circuit: Circuit, error: CloudError | None = None, *, may_probe: bool = True) -> bool:
    """Make a call that ends like this; whether it was made at all."""
    was_made = False
    try:
        with circuit.watch(may_probe=may_probe):
            was_made = True
            if error:
                raise error
    except CloudError:
        pass
    return was_made


def opened() -> Circuit:
    """A circuit after as many failures as it takes."""
    circuit = Circuit()
    for _ in range(FAILURES):
        assert call(circuit, LOST)
    return circuit


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause is over as soon as it begins."""
    monkeypatch.setattr(cloud_circuit, "PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize("error", [LOST, CloudUnreachable(message="Away.")], ids=lambda e: e.code)
def test_failures_in_a_row_open_it(error: CloudError) -> None:
    circuit = Circuit()
    assert [call(circuit, error) for _ in range(FAILURES + 3)] == [True] * FAILURES + [False] * 3
    assert circuit.is_open


@pytest.mark.parametrize("answer", [None, *ANSWERS], ids=lambda e: e.code if e else "success")
def test_any_answer_in_between_begins_the_count_anew(answer: CloudError | None) -> None:
    circuit = Circuit()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            call(circuit, LOST)
        call(circuit, answer)
    assert not circuit.is_open


def test_what_was_not_sent_says_nothing_about_cloud() -> None:
    circuit = Circuit()
    for _ in range(FAILURES - 1):
        call(circuit, LOST)
    call(circuit, CloudNotAsked(message="Held back.", retry_after_seconds=1))
    call(circuit, LOST)
    assert circuit.is_open


def test_the_refusal_says_when_to_come_again() -> None:
    with pytest.raises(CloudDown) as caught, opened().watch(may_probe=True):
        pass
    assert 1 <= caught.value.retry_after_seconds <= 10
    assert caught.value.remedy.startswith("Try again in ")


@pytest.mark.usefixtures("no_pause")
def test_a_safe_call_finds_out_that_cloud_is_well_again() -> None:
    circuit = opened()
    assert call(circuit)
    assert not circuit.is_open


@pytest.mark.usefixtures("no_pause")
def test_a_change_is_never_what_finds_out() -> None:
    circuit = opened()
    assert not call(circuit, may_probe=False)
    call(circuit)
    assert call(circuit, may_probe=False)


def test_a_probe_in_vain_begins_the_pause_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit = Circuit()
    monkeypatch.setattr(cloud_circuit, "PAUSE_SECONDS", 0.05)
    vars(circuit)["_breaker"].reset_timeout = 0.05
    for _ in range(FAILURES):
        call(circuit, LOST)
    assert not call(circuit)
    time.sleep(0.06)
    assert call(circuit, LOST)
    assert not call(circuit)


@pytest.mark.usefixtures("no_pause")
def test_one_call_finds_out_and_the_others_do_not_wait_for_it() -> None:
    circuit, is_probing, may_end = opened(), threading.Event(), threading.Event()

    def probe() -> None:
        with circuit.watch(may_probe=True):
            is_probing.set()
            may_end.wait(5)

    thread = threading.Thread(target=probe)
    thread.start()
    is_probing.wait(5)
    assert not call(circuit)
    may_end.set()
    thread.join()
    assert call(circuit)


def test_a_call_that_ends_late_changes_nothing() -> None:
    circuit = Circuit()
    with circuit.watch(may_probe=True):
        for _ in range(FAILURES):
            call(circuit, LOST)
    assert circuit.is_open
