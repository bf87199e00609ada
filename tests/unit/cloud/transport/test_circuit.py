"""A Cloud that fails again and again is left alone, then tried with one safe call."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app.cloud.transport import circuit as cloud_circuit
from app.cloud.transport.circuit import FAILURES, PAUSE_SECONDS, Circuit
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
NOT_ASKED = CloudNotAsked(message="Held back.", retry_after_seconds=1)
ANSWERS: list[CloudError] = [
    CloudTooBusy(message="Busy.", retry_after_seconds=1),
    CloudRejected(message="No.", request_id=None, upstream_status=400),
]


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


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


def opened(clock: Clock | None = None) -> Circuit:
    """A circuit after as many failures as it takes."""
    circuit = Circuit(monotonic=clock or Clock())
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
    call(circuit, NOT_ASKED)
    call(circuit, LOST)
    assert circuit.is_open


def test_the_refusal_says_when_to_come_again() -> None:
    with pytest.raises(CloudDown) as caught, opened().watch(may_probe=True):
        pass
    assert 1 <= caught.value.retry_after_seconds <= 10
    assert caught.value.remedy.startswith("Try again in ")
    assert caught.value.message.endswith(LOST.message)


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


def test_a_probe_in_vain_begins_the_pause_anew() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.seconds += PAUSE_SECONDS - 0.01
    assert not call(circuit)
    clock.seconds += 0.01
    assert call(circuit, LOST)
    clock.seconds += PAUSE_SECONDS - 0.01
    assert not call(circuit)
    clock.seconds += 0.01
    assert call(circuit)
    assert not circuit.is_open


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("error", [NOT_ASKED, RuntimeError("a fault of ours")], ids=type)
def test_a_probe_without_an_outcome_leaves_finding_out_to_the_next(error: Exception) -> None:
    circuit = opened()
    with pytest.raises(type(error)), circuit.watch(may_probe=True):
        raise error
    assert circuit.is_open
    assert call(circuit)
    assert not circuit.is_open


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


@pytest.mark.parametrize("outcome", [None, LOST], ids=["success", "failure"])
def test_a_call_that_ends_late_changes_nothing(outcome: CloudError | None) -> None:
    clock = Clock()
    circuit = Circuit(monotonic=clock)

    def late() -> None:
        with circuit.watch(may_probe=True):
            for _ in range(FAILURES):
                call(circuit, LOST)
            clock.seconds += PAUSE_SECONDS
            if outcome:
                raise outcome

    with suppress(CloudError):
        late()
    assert circuit.is_open
    assert not call(circuit, may_probe=False)
    assert call(circuit)
    assert not circuit.is_open


def test_of_many_threads_one_finds_out() -> None:
    clock, began, tried, made = Clock(), threading.Barrier(8), threading.Barrier(8), []
    circuit = opened(clock)
    clock.seconds += PAUSE_SECONDS

    def ask() -> None:
        began.wait(5)
        with suppress(CloudDown), circuit.watch(may_probe=True):
            made.append(True)
            tried.wait(5)
            return
        tried.wait(5)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(ask) for _ in range(8)]:
            future.result()
    assert made == [True]
    assert not circuit.is_open


def test_a_wait_that_the_portal_cut_short_says_nothing_about_cloud() -> None:
    circuit = Circuit()
    cut = CloudAnswerLost(message="No answer.")
    cut.is_cut_short = True
    assert [call(circuit, cut) for _ in range(FAILURES * 2)] == [True] * FAILURES * 2
    assert not circuit.is_open
