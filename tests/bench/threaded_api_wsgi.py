"""The least that shows a group by asking Cloud at every view: one blocking call in a thread.

BENCH_CLOUD: address of the service at Cloud, with the key's id and secret. BENCH_SIZES as for
plain_wsgi, whose templates it renders with what Cloud has answered.
"""

import json
import os
import threading

import requests
from flask import Flask, Response

from tests.bench.plain_wsgi import template_of

TIMEOUT_SECONDS = 10
ADDRESS, KEY_ID, SECRET = json.loads(os.environ["BENCH_CLOUD"])

app = Flask(__name__)
_page = app.jinja_env.from_string(template_of(json.loads(os.environ["BENCH_SIZES"])["page"]))
_kept = threading.local()


@app.get("/page")
def show() -> Response:
    """The service as Cloud shows it now."""
    answer = _session().get(ADDRESS, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    return Response(_page.render(name=answer.json()["result"]["name"]), mimetype="text/html")


def _session() -> requests.Session:
    """One for each thread, with its connections."""
    if not hasattr(_kept, "session"):
        _kept.session = requests.Session()
        _kept.session.auth = (KEY_ID, SECRET)
        _kept.session.trust_env = False
    session: requests.Session = _kept.session
    return session
