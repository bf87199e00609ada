"""Templates are sent without their indentation, and with all else."""

from jinja2 import Environment

from app.web.formatting.indentation import WithoutIndentation

TEMPLATE = """
<ul>
  {% for word in words %}
    <li>{{ word }}
\t  is  here{% if word %}
      now{% endif %}</li>
  {% endfor %}
</ul>
<div>
  <p>
    <b>x</b></p>
{% if words %}
  <i>y</i>{% endif %}
  <i>z</i>
</div>
<pre>{{ code }}</pre>"""


def test_what_is_filled_in_keeps_its_blanks_and_lines_of_the_template_keep_one() -> None:
    environment = Environment(
        extensions=[WithoutIndentation], trim_blocks=True, lstrip_blocks=True, autoescape=True
    )
    html = environment.from_string(TEMPLATE).render(words=["one"], code="if:\n    then")
    assert html == (
        "\n<ul>\n <li>one\n is  here now</li>\n</ul>\n"
        "<div>\n<p>\n<b>x</b></p>\n <i>y</i> <i>z</i>\n</div>\n"
        "<pre>if:\n    then</pre>"
    )
