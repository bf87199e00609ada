"""One word for one thing: pages, documents and names use the field's terms.

Pages speak as the ClickHouse Cloud console does; code, as its own field does. Each list names what
is not to come back. Wire formats keep the names that they were made with.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.domain.messages import MESSAGES
from tests.architecture.tree import ROOT, templates

PAGE_PHRASES = """
    least memory|most memory|fewest replicas|most replicas
    fall asleep|falls asleep|fell asleep|never sleeps|sleeps after|sleeping|unused for
    when there is little to do|when there is a lot to do|memory in all|gb in all
    configured in all|usual order
    groups run, with|no group is like that|needs a look|it answers queries|under way
    no change is on its way|reads and writes|the same as a table
    nothing has happened here|check your change|cost of an hour|leave it as it is
    this is a big step|did not happen|for the record|how this is known
    has changed meanwhile|go on with your values|ordinary digits|as it stands here
    rest after|what you may do|end this|who may do what|switch all changes off
    password proven|session begun|draft written|rules broken|not decided yet|audit trail|trail
    invalid|please|sorry|oops|forbidden
""".replace("\n", "|").split("|")
"""Not on pages, in no messages, and not in the JSON API's document."""

DOCUMENT_PHRASES = """
    least memory per replica|most memory per replica|fall asleep|falls asleep|under way
    audit trail|check your change|rest after a vertical change|who may do what
    switch all changes off|draft written|session begun|password proven|not decided yet
    this is a big step|for the record|how this is known
""".replace("\n", "|").split("|")
"""Not in documents; there single words may be plain English."""

LABELS = {"act", "asked", "it was", "look", "order", "show", "where", "who", "will be"}
"""Not the whole of a label, heading or button."""

NAME_WORDS = """
    punctual patience unhurried turns gate closure settlement settle settles prover pace needless
    door doors trail offers matter act acts proof proofs facts filling beginning asleep sleeps
    nursery mortal roomy hasty frail power offer
"""
"""Not a part of any name in Python: `act` is in `last_act`, not in `action`."""

WHOLE_NAMES = """
    PunctualAdapter seconds_left ChangesClosed ActFacts Offer offers_for why_not Conditions
    is_needless Settlement settle_by_hand Applying Submitting Measuring Remembered SignInPlaces
    Matter Link BEGINNING by_itself is_reserved Filling Finding Draw Asked look looks whose
    Trust Places Newcomers _typed may_sleep
"""
"""Not a name in Python; in longer names they may be plain English."""

ALLOWED_NAMES = {
    "act": "field of the JSON API's changes and key of the audit log's details",
    "needs_fresh_proof": "field of the JSON API's previews",
    "POWER": "the permission `power` of the file of groups",
    "door": "key of the audit log's JSON and label of the metrics",
    "is_power_of_two": "arithmetic",
}
"""Names on the wire, each with its reason."""

IDENTIFIER_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
QUOTED = re.compile(r"\"([^\"\n]*)\"")
PHRASES = [item.strip() for item in PAGE_PHRASES if item.strip()]
IN_DOCUMENTS = [item.strip() for item in DOCUMENT_PHRASES if item.strip()]
PYTHON = sorted(path for folder in ("app", "tests") for path in (ROOT / folder).rglob("*.py"))
NOT_IN_NAMES, NOT_NAMES = set(NAME_WORDS.split()), set(WHOLE_NAMES.split())
SPEAKING = [
    path
    for folder in ("web", "api", "domain", "services", "errors")
    for path in sorted((ROOT / "app" / folder).rglob("*.py"))
]
"""The modules whose sentences people and programs read."""
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def phrases_in(text: str, phrases: list[str]) -> list[str]:
    """The phrases that stand in the text as whole words."""
    plain = re.sub(r"\s+", " ", text).lower()
    return [item for item in phrases if re.search(rf"(?<![\w.-]){re.escape(item)}(?![\w-])", plain)]


def words_of(source: str) -> str:
    """What a template says: its text, and the texts that it gives to macros."""
    spoken = (text for part in JINJA.findall(source) for text in QUOTED.findall(part))
    sentences = " | ".join(text for text in spoken if " " in text)
    visible = BeautifulSoup(JINJA.sub(" | ", source), "html.parser")
    labels = [str(tag["aria-label"]) for tag in visible.select("[aria-label]")]
    return " | ".join((visible.get_text(" "), sentences, *labels))


def labels_of(source: str) -> set[str]:
    """Each text of a template that stands alone, in lower case."""
    quoted = {text for part in JINJA.findall(source) for text in QUOTED.findall(part)}
    alone = BeautifulSoup(JINJA.sub("\n", source), "html.parser").stripped_strings
    return {text.strip(" .:").lower() for text in (*quoted, *alone)}


def names_in(tree: ast.Module) -> Iterator[str]:
    """What a module itself names: functions, classes, arguments, attributes and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def sentences_in(tree: ast.Module) -> Iterator[str]:
    """The texts of several words in a module that are no docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield from [node.value] * (" " in node.value)


def bad_names(names: Iterator[str]) -> set[str]:
    """Those with a word that is not to come back, and no reason to stay."""
    return {name for name in names if name not in ALLOWED_NAMES and _is_bad(name)}


def _is_bad(name: str) -> bool:
    parts = {part.lower() for part in IDENTIFIER_PART.findall(name)}
    return name in NOT_NAMES or bool(parts & NOT_IN_NAMES)


@pytest.mark.parametrize("name", templates())
def test_pages_use_the_consoles_words(name: str) -> None:
    assert phrases_in(words_of(templates()[name]), PHRASES) == []
    assert labels_of(templates()[name]) & LABELS == set()


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sentences_in_code_use_the_consoles_words(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert phrases_in(" | ".join(sentences_in(tree)), PHRASES) == []


@pytest.mark.parametrize("code", MESSAGES)
def test_messages_use_the_consoles_words(code: str) -> None:
    assert phrases_in(MESSAGES[code], PHRASES) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_use_the_consoles_words(path: Path) -> None:
    assert phrases_in(path.read_text(encoding="utf-8"), IN_DOCUMENTS) == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_are_the_fields_own_terms(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert bad_names(iter([path.stem, *names_in(tree)])) == set()


def test_every_allowed_name_is_still_there() -> None:
    found = {name for path in PYTHON for name in names_in(ast.parse(path.read_text("utf-8")))}
    used = found | set(re.findall(r"\w+", (ROOT / "app/domain/audit/events.py").read_text("utf-8")))
    assert set(ALLOWED_NAMES) <= used


def test_the_search_finds_what_it_looks_for() -> None:
    assert phrases_in("Memory\n in all: 8 GB", ["memory in all"]) == ["memory in all"]
    assert phrases_in("in allowed sizes", ["in all"]) == []
    assert words_of('{{ field("Falls asleep after") }}').endswith("Falls asleep after")
    assert labels_of("<th>Who</th>") & LABELS == {"who"}
    assert bad_names(iter(["last_act", "ChangeTrail", "is_needless"])) == {
        "last_act",
        "ChangeTrail",
        "is_needless",
    }
    assert bad_names(iter(["action", "act", "doorway"])) == set()
