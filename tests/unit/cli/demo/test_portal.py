"""How the demonstration's portal is set up: from the sandbox alone."""

import socket

import pytest

from app.cli.demo.portal import choose_port, is_healthy, portal_environ, reload_arguments
from app.cli.demo.ports import is_port_free
from app.errors import SettingsFault
from tests.support.ports import find_free_port

WORLD = {
    "url": "http://127.0.0.1:8900",
    "api_key_id": "key-id",
    "api_key_secret": "key-secret",
    "organization_id": "organization",
}
REAL = {
    "PATH": "/bin",
    "CLICKHOUSE_API_KEY": "real",
    "CLICKHOUSE_API_SECRET_FILE": "real",
    "PORTAL_DATABASE_URL": "real",
    "PORTAL_CONFIG": "real",
    "GUNICORN_CMD_ARGS": "real",
    "FLASK_DEBUG": "real",
    "WEB_CONCURRENCY": "real",
}


def test_nothing_of_a_real_portal_gets_in() -> None:
    environ = portal_environ(REAL, WORLD, 8000)
    assert "real" not in environ.values()
    assert environ["PATH"] == "/bin"
    assert environ["PORTAL_ENV_FILE"] == ""


def test_the_portal_uses_the_sandboxs_key_and_a_new_secret_each_time() -> None:
    first, second = portal_environ({}, WORLD, 8000), portal_environ({}, WORLD, 8000)
    assert first["CLICKHOUSE_API_URL"] == WORLD["url"]
    assert first["CLICKHOUSE_API_SECRET"] == "key-secret"
    assert first["PORTAL_SECRET_KEY"] != second["PORTAL_SECRET_KEY"]


def test_two_demonstrations_share_no_records() -> None:
    folders = {portal_environ({}, WORLD, port)["PORTAL_INSTANCE"] for port in (8000, 8001)}
    assert folders == {"instance/sandbox-8000", "instance/sandbox-8001"}


def test_the_port_is_8000_unless_set() -> None:
    assert choose_port({}) == 8000
    assert choose_port({"PORTAL_PORT": ""}) == 8000
    assert choose_port({"PORTAL_PORT": "8123"}) == 8123


@pytest.mark.parametrize("text", ["0", "eighty", "70000"])
def test_an_unusable_port_is_named(text: str) -> None:
    with pytest.raises(SettingsFault, match="environment: PORTAL_PORT: is not a whole number"):
        choose_port({"PORTAL_PORT": text})


def test_only_the_developers_portal_reloads() -> None:
    assert reload_arguments(False) == []
    assert reload_arguments(True)[0] == "--reload"


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert not is_port_free(listener.getsockname()[1])
    assert is_port_free(find_free_port())


def test_a_portal_that_does_not_answer_is_not_healthy() -> None:
    assert not is_healthy(f"http://127.0.0.1:{find_free_port()}")
