"""Nothing inline, nothing unescaped, nothing from elsewhere: what the headers promise."""

import re

import pytest

from app.http.access import ADMIN, API, POLLED, PUBLIC, SHARED, SIGNED_IN
from tests.architecture.tree import ROOT, templates

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)", re.I)
INLINE_STYLE = re.compile(r"<style|\bstyle\s*=", re.I)
HANDLER = re.compile(r"\son[a-z]+\s*=|javascript:", re.I)
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b|\|\s*tojson\b", re.I)
ELSEWHERE = re.compile(r"""\b(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//""", re.I)
URL_FOR = re.compile(r"""url_for\(\s*["']([^"']+)["']""")
POST_FORM = re.compile(r"""<form[^>]*method="post".*?</form>""", re.I | re.S)


# ASVS 3.4.3, 1.2.3
@pytest.mark.parametrize(
    "pattern", [INLINE_SCRIPT, INLINE_STYLE, HANDLER], ids=["script", "style", "handler"]
)
@pytest.mark.parametrize("name", templates())
def test_no_template_has_anything_inline(name: str, pattern: re.Pattern[str]) -> None:
    assert pattern.findall(templates()[name]) == []


# ASVS 1.2.1, 1.1.2
@pytest.mark.parametrize("name", templates())
def test_no_template_goes_round_the_escaping(name: str) -> None:
    assert UNESCAPED.findall(templates()[name]) == []


# ASVS 3.6.1
@pytest.mark.parametrize("name", templates())
def test_no_template_asks_another_host_for_anything(name: str) -> None:
    assert ELSEWHERE.findall(templates()[name]) == []


@pytest.mark.parametrize("name", templates())
def test_every_address_is_that_of_a_route(name: str) -> None:
    routes = SHARED | PUBLIC | POLLED | SIGNED_IN | ADMIN | API
    assert set(URL_FOR.findall(templates()[name])) <= routes


# ASVS 3.5.1
@pytest.mark.parametrize("name", templates())
def test_every_form_that_changes_something_carries_its_token(name: str) -> None:
    for form in POST_FORM.findall(templates()[name]):
        assert "csrf_token" in form


def test_the_patterns_find_what_they_read_for() -> None:
    assert INLINE_SCRIPT.search("<script>alert(1)</script>")
    assert not INLINE_SCRIPT.search('<script type="module" src="/static/js/portal.js">')
    assert INLINE_STYLE.search('<p style="x">')
    assert INLINE_STYLE.search("<STYLE>")
    assert HANDLER.search('<a onclick="x">')
    assert HANDLER.search('<a href="javascript:x">')
    assert UNESCAPED.search("{{ name|safe }}")
    assert UNESCAPED.search("{% autoescape false %}")
    assert ELSEWHERE.search('<img src="//cdn.example.test/x.png">')
    assert POST_FORM.search('<form class="a" method="post">\n</form>')


# ASVS 3.4.3, 1.3.2
def test_scripts_make_no_code_and_no_styles_out_of_text() -> None:
    for path in (ROOT / "static" / "js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|setAttribute\(.style|document\.write", text)
        assert not re.search(r"localStorage|sessionStorage|https?://", text)  # ASVS 14.3.3
