"""The API's reference as a page of the portal, for people who are signed in."""

from functools import cache

from flask import Blueprint, render_template

from app.api.docs.openapi import build_document
from app.api.docs.reference import Reference, build_reference

reference = Blueprint("reference", __name__)


@reference.get("/reference")
def show() -> str:
    """Every operation and shape; what is in it depends on nobody."""
    return render_template("reference/show.html", reference=_reference())


@cache
def _reference() -> Reference:
    return build_reference(build_document())
