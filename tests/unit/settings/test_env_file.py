"""`configs/.env`: overridden by the environment, taken verbatim, and checked like it."""

from pathlib import Path

from tests.unit.settings.helpers import faults_of, load, make_root


def test_the_file_gives_what_the_environment_does_not(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=8111\nPORTAL_THREADS=4 # four\n")
    settings = load(root, PORTAL_PORT="8222")
    assert (settings.port, settings.threads) == (8222, 4)


def test_nothing_in_the_file_is_put_in_from_elsewhere(tmp_path: Path) -> None:
    text = "zP4-vR9_kL2wQ7xN1mT6yB3cH8${PORTAL_PORT}gJ5fDs"
    root = make_root(tmp_path, env_file=f"PORTAL_SECRET_KEY={text}\n")
    assert load(root, PORTAL_SECRET_KEY=None).secret_key.get_secret_value() == text


def test_a_fault_in_the_file_names_the_file(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=eighty\n")
    assert faults_of(root)[0].startswith("configs/.env: PORTAL_PORT: is not a whole number")


def test_a_line_that_makes_no_sense_is_a_fault(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_THREADS=4\nthis is 'no setting\n")
    (line,) = faults_of(root)
    assert line.startswith("configs/.env: line 2: cannot be understood")


def test_a_setting_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_THREADS=4\nPORTAL_THREADS=5\n")
    assert faults_of(root) == (
        "configs/.env: PORTAL_THREADS: stands again in line 2. Keep one of them.",
    )


def test_a_misspelt_setting_is_a_fault(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_SESION_HOURS=4\nOTHER_PROGRAM=1\n")
    (line,) = faults_of(root)
    assert line.startswith("configs/.env: PORTAL_SESION_HOURS: is not a setting of the portal")


def test_names_the_environment_holds_for_others_are_left_alone(root: Path) -> None:
    assert load(root, PORTAL_SERVICE_HOST="10.0.0.1").port == 8000


def test_another_file_can_be_named(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=8111\n")
    (root / "other").write_text("PORTAL_PORT=8333\n", encoding="utf-8")
    assert load(root, PORTAL_ENV_FILE="other").port == 8333


def test_no_file_is_read_when_its_name_is_empty(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=8111\n")
    assert load(root, PORTAL_ENV_FILE="").port == 8000
    assert faults_of(root, PORTAL_ENV_FILE="", PORTAL_SECRET_KEY=None)[0].endswith(
        "Set it in the environment."
    )


def test_a_named_file_that_is_not_there_is_a_fault(root: Path) -> None:
    (line,) = faults_of(root, PORTAL_ENV_FILE="nowhere")
    assert line.startswith("environment: PORTAL_ENV_FILE: names nowhere, which cannot be read")


def test_a_file_that_is_not_text_is_a_fault(root: Path) -> None:
    (root / "configs/.env").write_bytes(b"PORTAL_PORT=\xff\n")
    (line,) = faults_of(root)
    assert line.startswith("environment: PORTAL_ENV_FILE: names configs/.env, which cannot be read")


def test_spaces_around_a_value_do_not_count_except_in_a_secret(root: Path) -> None:
    assert load(root, PORTAL_PORT=" 8111 ").port == 8111
    (line,) = faults_of(root, CLICKHOUSE_API_SECRET=" 4b1dR7mQ2sVx9LpZ6kTn3wYc8HgJ5fDa")
    assert "Copy the key's secret again, without spaces." in line
