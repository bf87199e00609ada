"""The page of help says what every word that pages use means, from the home of each sentence."""

from app.domain.access.permissions import MEANINGS
from app.domain.changes.change import ChangeState
from app.domain.groups.states import STATE_SPECS, ServiceState
from app.web.help.words import CHANGE_STATES, WORDS, list_group_states
from tests.conftest import SignIn


def test_every_permission_state_and_word_is_explained(sign_in: SignIn) -> None:
    told = sign_in("bob").get("/help").main
    for words in (*MEANINGS.values(), *WORDS.values(), *CHANGE_STATES.values()):
        assert words in told
    for state in set(ServiceState) - {ServiceState.UNKNOWN}:
        assert STATE_SPECS[state].meaning in told


def test_every_state_that_a_change_can_be_seen_in_is_explained() -> None:
    assert set(CHANGE_STATES) == set(ChangeState) - {ChangeState.DRAFT}


def test_it_says_whom_to_ask(sign_in: SignIn) -> None:
    assert "Ask whoever started this sandbox" in sign_in("bob").get("/help").main


def test_a_state_that_cloud_has_two_names_for_stands_once() -> None:
    labels = [label for _, label, _ in list_group_states()]
    assert len(labels) == len(set(labels))
