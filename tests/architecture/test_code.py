"""How the code is written: documented, in small pieces, pure where it must be."""

import ast
import re
from collections.abc import Iterator

import pytest

import app
from tests.architecture.tree import ROOT, importers_of, modules

LONGEST_MODULE_LINES = 300
LONGEST_FUNCTION_LINES = 45
Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_definitions(tree: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, Function) and not item.name.startswith("_"):
                    yield f"{node.name}.{item.name}", item


@pytest.mark.parametrize("path", modules())
def test_everything_public_has_a_docstring(path: str) -> None:
    tree = modules()[path]
    assert ast.get_docstring(tree) or not tree.body, "the module has none"
    bare = [name for name, node in public_definitions(tree) if not ast.get_docstring(node)]
    assert bare == []


@pytest.mark.parametrize("path", modules())
def test_modules_and_functions_are_small(path: str) -> None:
    lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE_LINES
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(modules()[path])
        if isinstance(node, Function)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION_LINES
    }
    assert long == {}


def test_there_is_code_to_read_at() -> None:
    found = [name for tree in modules().values() for name, _ in public_definitions(tree)]
    assert "create_app" in found
    assert "ScalingProposals.propose" in found
    assert len(found) > 200


# Of urllib only the parsing of addresses is harmless.
HTTP = ("requests", "urllib3", "urllib.request", "http.client", "httpx", "aiohttp", "socket")


# ASVS 1.3.6, 13.1.1, 13.2.4
def test_only_the_three_adapters_the_server_and_the_commands_reach_for_the_network() -> None:
    speakers = importers_of(*HTTP)
    outside = {
        path
        for path in speakers
        if not path.startswith(
            (
                "app/cloud/",
                "app/clickhouse/",
                "app/oidc/",
                "app/sandbox/",
                "app/cli/",
                "app/client/",
                "app/server/",
                "app/deadlines.py",
            )
        )
    }
    assert outside == set()
    outside_the_portal = ("app/cli/demo", "app/client/")
    importers = importers_of("requests")
    users = {path for path in importers if not path.startswith(outside_the_portal)}
    assert users == {
        "app/cloud/transport/sending.py",
        "app/clickhouse/exchange.py",
        "app/deadlines.py",
        "app/clickhouse/login.py",
        "app/clickhouse/probe.py",
        "app/oidc/client.py",
        "app/oidc/exchange.py",
    }


def test_flask_login_is_known_in_one_place() -> None:
    assert importers_of("flask_login") == {"app/web/login.py"}


# ASVS 1.2.4
def test_no_sql_in_pages_rules_or_other_adapters() -> None:
    rooms = ("app/web/", "app/domain/", "app/cloud/", "app/clickhouse/", "app/oidc/")
    assert {path for path in importers_of("sqlalchemy") if path.startswith(rooms)} == set()


def test_the_rules_know_no_clock_no_chance_and_no_environment() -> None:
    impure = importers_of("time", "os", "random", "secrets", "pathlib", "logging", "threading")
    assert {path for path in impure if path.startswith("app/domain/")} == set()
    clocks = {
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if path.startswith("app/domain/")
    }
    assert clocks == set()


# ASVS 7.2.3, 11.5.1
def test_secrets_come_from_the_generator_for_secrets() -> None:
    assert importers_of("random") <= {
        "app/cloud/transport/retries.py"
    }  # spreads retries, hides nothing
    for path in (
        "app/store/sign_in/session_rows.py",
        "app/store/change_rows.py",
        "app/http/request_context.py",
    ):
        assert path in importers_of("secrets")


# ASVS 12.3.2
def test_certificates_are_never_left_unchecked() -> None:
    unchecked = [
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg in {"verify", "check_hostname"}
        and isinstance(node.value, ast.Constant)
        and node.value.value is False
    ]
    assert unchecked == []
    assert importers_of("ssl._create_unverified_context", "ssl.CERT_NONE") == set()


def test_the_version_is_written_down_in_one_place_and_in_the_chart_that_must_repeat_it() -> None:
    written = re.compile(rf"(?<![\d.]){re.escape(app.VERSION)}(?![\d.])")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "deploy", "configs", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".txt"}
        if written.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"deploy/helm/Chart.yaml"}
    assert f'version = "{app.VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
