"""The operators' note: Markdown in, and nothing that could do harm out."""

import pytest

from app.web.notes import render_note


def test_plain_markdown_becomes_a_page() -> None:
    html = render_note("**Tonight** from 20:00:\n\n- Analytics\n- Marketing\n\n`make check`")
    assert "<strong>Tonight</strong>" in html
    assert html.count("<li>") == 2
    assert "<code>make check</code>" in html


def test_links_say_nothing_to_where_they_lead() -> None:
    html = render_note("[Status](https://status.example.test/?a=1&b=2)")
    assert html == (
        '<p><a href="https://status.example.test/?a=1&amp;b=2" rel="noopener noreferrer">'
        "Status</a></p>\n"
    )


# ASVS 1.2.1
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![picture](https://evil.example.test/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,alert)",
        "[x](vbscript:alert)",
        "<javascript:alert(1)>",
        "# A heading",
        "A heading\n=========",
        '[x](https://a.example.test "\\" onmouseover=alert(1) x=\\"")',
        "<!-- hidden -->",
        "&lt;script&gt;",
    ],
)
def test_nothing_gets_round_the_escaping(text: str) -> None:
    html = render_note(text)
    for mark in ("<script", "<img", "<h1", "<!--", 'href="javascript', 'href="data', 'href="vb'):
        assert mark not in html.lower()
    assert " onmouseover=alert" not in html.replace("&quot; onmouseover", "")


def test_no_note_is_nothing() -> None:
    assert render_note("") == ""
