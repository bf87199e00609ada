"""How the command ends where it was used wrongly, without a portal."""

import pytest

from tests.client.conftest import Cgp

ENVIRON = {"CGP_URL": "http://127.0.0.1:9", "CGP_TOKEN": "cgp_x", "CGP_CONFIG": "/nowhere"}


@pytest.fixture
def cgp() -> Cgp:
    """The command, for a portal that is not there."""
    return Cgp(ENVIRON)


@pytest.mark.parametrize(
    "words",
    [
        ("boost", "G", "--for", "soon", "--json"),
        ("scale", "G", "--max-memory", "64x", "--json"),
        ("show", "--json"),
        ("nothing-like-it", "--json"),
    ],
)
def test_wrong_use_is_an_object_where_json_was_asked_for(cgp: Cgp, words: tuple[str, ...]) -> None:
    told = cgp(*words, code=2)
    assert (told.out, told.error["code"], told.error["exit_code"]) == ("", "used_wrongly", 2)


@pytest.mark.parametrize("words", [("show",), ("run", "G", "--", "job", "--json")])
def test_wrong_use_is_said_to_people_elsewhere(cgp: Cgp, words: tuple[str, ...]) -> None:
    assert cgp(*words, code=2).err.startswith("Usage: cgp")
