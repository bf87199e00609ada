"""How the code is written where a slip would be a hole: nothing is made from input that acts."""

import ast
import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from urllib3.util.ssl_ import create_urllib3_context

from tests.architecture.tree import ROOT, importers_of, modules

SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
SECRET_NAME = re.compile(r"password|secret|token|digest|csrf", re.I)
REGEX_CALLS = {"compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer"}


def own_modules() -> dict[str, ast.Module]:
    """The portal's modules, without the simulated Cloud."""
    return {path: tree for path, tree in modules().items() if "app/sandbox/" not in path}


def calls(*names: str) -> Iterator[str]:
    """Where a function or method of one of these names is called."""
    for path, tree in own_modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in names:
                yield f"{path}:{node.lineno}"


def name_of(node: ast.expr) -> str:
    """The last part of a name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_fixed(node: ast.expr) -> bool:
    """Whether it is text in the code, a constant of a module, or an entry of one."""
    if isinstance(node, ast.Subscript):
        return is_fixed(node.value)
    if isinstance(node, ast.Call) and name_of(node.func) == "Markup":
        return is_fixed(node.args[0])
    return isinstance(node, ast.Constant) or name_of(node).isupper()


# ASVS 1.2.5
def test_no_page_and_no_rule_starts_a_program() -> None:
    starters = importers_of("subprocess", "pty", "os.system", "multiprocessing")
    assert {path for path in starters if not path.startswith(("app/cli/", "app/client/"))} == set()
    programs = list(calls("system", "popen", "execv", "spawnv"))
    assert [place for place in programs if not place.startswith("app/cli/")] == []


# ASVS 1.2.9
def test_every_regular_expression_is_written_in_the_code() -> None:
    made = [
        f"{path}:{node.lineno}"
        for path, tree in own_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in REGEX_CALLS
        and name_of(node.func.value) == "re"
        and not is_fixed(node.args[0])
    ]
    assert made == []


# ASVS 1.3.2, 1.5.2
def test_no_text_becomes_code_or_objects() -> None:
    assert list(calls("eval", "exec", "__import__", "unsafe_load", "full_load")) == []
    assert importers_of("pickle", "marshal", "shelve", "dill", "jsonpickle") == set()
    readers = {
        "app/cli/demo/company.py",
        "app/cli/schedule.py",
        "app/settings/org/files.py",
        "app/settings/org/new_lines.py",
        "app/settings/org/proposal.py",
    }
    assert importers_of("yaml") <= readers
    for path in readers:
        assert "SafeLoader" in (ROOT / path).read_text(encoding="utf-8")


# ASVS 1.3.7, 1.3.10
def test_no_template_and_no_format_is_made_from_input() -> None:
    assert list(calls("render_template_string", "from_string", "Template")) == []
    made = [
        f"{path}:{node.lineno}"
        for path, tree in own_modules().items()
        if path != "app/settings/org/faults.py"  # takes its sentences out of a table
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and not is_fixed(node.func.value)
    ]
    assert made == []


# ASVS 1.5.1
def test_nothing_reads_xml() -> None:
    assert importers_of("xml", "lxml", "defusedxml") == set()


# ASVS 11.2.1, 11.4.1, 11.4.3
def test_hashes_come_from_the_library_and_have_256_bits() -> None:
    assert list(calls("md5", "sha1", "new_md5", "crypt")) == []
    assert importers_of("Crypto", "cryptography", "crypt", "hashlib.md5", "hashlib.sha1") == set()
    assert importers_of("hashlib")


# ASVS 11.2.4
def test_no_secret_is_compared_by_equality() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in own_modules().items()
        if not path.startswith("app/store/")  # there the database compares hashes
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(SECRET_NAME.search(name_of(side)) for side in (node.left, *node.comparators))
        and not any(name_of(side).isupper() for side in node.comparators)
    ]
    assert found == []
    assert list(calls("compare_digest"))


# ASVS 12.1.1, 12.1.2
def test_tls_is_that_of_the_library_which_is_new_enough() -> None:
    own = importers_of("ssl.SSLContext", "ssl.PROTOCOL_TLS", "ssl.TLSVersion")
    assert own == set()
    assert list(calls("SSLContext", "wrap_socket", "set_ciphers")) == []
    for context in (ssl.create_default_context(), create_urllib3_context()):
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        weak = [
            c["name"] for c in context.get_ciphers() if re.search("RC4|DES|NULL|MD5", c["name"])
        ]
        assert weak == []


# ASVS 3.2.2
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_elements_out_of_text_or_listens_to_other_windows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
    assert not re.search(r"postMessage|addEventListener\(.message", text)


# ASVS 15.3.6
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_takes_names_of_properties_from_what_it_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"__proto__|Object\.assign|JSON\.parse|structuredClone", text)
