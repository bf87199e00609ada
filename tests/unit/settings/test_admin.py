"""The administrator's name and password hash: both or neither, and only a strong scrypt hash."""

from pathlib import Path

import pytest
from werkzeug.security import generate_password_hash

from tests.unit.settings.helpers import faults_of, load, make_root

HASH = generate_password_hash("a password of some length")
SALT_AND_HASH = HASH.partition("$")[2]
NAME, HASHED = "PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD_HASH"


# ASVS 6.3.2
def test_without_a_name_there_is_no_administrator(root: Path) -> None:
    assert load(root).admin is None
    assert load(root, **{NAME: "", HASHED: " "}).admin is None


def test_a_name_and_a_hash_make_one(root: Path) -> None:
    admin = load(root, **{NAME: "root of all", HASHED: HASH}).admin
    assert admin is not None
    assert admin.username == "root of all"
    assert admin.password_hash.get_secret_value() == HASH
    assert HASH not in repr(admin)


def test_the_hash_may_be_in_a_file(root: Path) -> None:
    (root / "hash").write_text(HASH + "\n", encoding="utf-8")
    admin = load(root, **{NAME: "admin", f"{HASHED}_FILE": "hash"}).admin
    assert admin is not None
    assert admin.password_hash.get_secret_value() == HASH


def test_the_settings_file_holds_a_hash_word_for_word(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file=f"{NAME}=admin\n{HASHED}={HASH}\n")
    admin = load(root).admin
    assert admin is not None
    assert admin.password_hash.get_secret_value() == HASH


@pytest.mark.parametrize(
    ("given", "missing", "text"), [(NAME, HASHED, "admin"), (HASHED, NAME, HASH)]
)
def test_one_without_the_other_is_a_fault(root: Path, given: str, missing: str, text: str) -> None:
    assert faults_of(root, **{given: text}) == (
        (
            f"environment: {missing}: is missing beside {given}. "
            "Set both in the environment or in configs/.env, or neither."
        ),
    )


# ASVS 11.4.2, 11.2.2
@pytest.mark.parametrize(
    "text",
    [
        "a password of some length",
        HASH[:-1],
        HASH + " ",
        HASH.replace("scrypt", "pbkdf2"),
        "pbkdf2:sha256:1000000$abcdefgh$" + "0" * 64,
        "scrypt:32768:8:1$$" + "0" * 128,
        *(f"scrypt:{work}${SALT_AND_HASH}" for work in ("0:8:1", "30000:8:1", "1024:8:1", "9:9:9")),
        *(f"scrypt:{work}${SALT_AND_HASH}" for work in ("4194304:8:1", "32768:0:1", "32768:8:0")),
    ],
)
def test_a_hash_that_is_none_or_is_worth_nothing_is_refused(root: Path, text: str) -> None:
    (line,) = faults_of(root, **{NAME: "admin", HASHED: text})
    assert line.startswith(f"environment: {HASHED}: ")
    assert line.endswith("Make one with: python -m app.cli.hash_password")
    assert text not in line


@pytest.mark.parametrize("text", ["a\tb", "a" * 101, "<your name>"])
def test_a_name_that_nobody_can_type_is_refused(root: Path, text: str) -> None:
    (line,) = faults_of(root, **{NAME: text, HASHED: HASH})
    assert line.startswith(f"environment: {NAME}: ")
