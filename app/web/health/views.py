"""For load balancers: is the process alive, and can it do its work."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.web.login import portal

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers. Touches neither store nor network."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """The store can be read and Cloud answered lately; 503 with the reasons otherwise."""
    faults = portal().readiness.list_faults()
    text = "".join(f"{fault}\n" for fault in faults) or "ready\n"
    return Response(text, 503 if faults else 200, mimetype="text/plain")
