"""Bare Flask: templates of given sizes, rendered and nothing else. BENCH_SIZES: name -> bytes."""

import json
import os

from flask import Flask, Response

LINE = '<tr class="state"><th scope="row"><a href="/groups">{{ name }}</a></th><td>running</td>'
PLAIN = "<td>16 to 64 GB</td><td>3 replicas, idle after 15 minutes</td></tr>\n"
NAME = "Analytics reporting"


def template_of(size: int) -> str:
    """A page that is this many bytes long when it is rendered, with an expression in each row."""
    row = LINE + PLAIN * 4
    count = size // len(row.replace("{{ name }}", NAME))
    page = row * count
    missing = size - len(page.replace("{{ name }}", NAME))
    return page + "." * missing


app = Flask(__name__)
_templates = {
    name: app.jinja_env.from_string(template_of(size))
    for name, size in json.loads(os.environ["BENCH_SIZES"]).items()
}


@app.get("/<name>")
def show(name: str) -> Response:
    """The template of this name."""
    return Response(_templates[name].render(name=NAME), mimetype="text/html")
