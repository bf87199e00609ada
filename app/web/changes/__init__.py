"""The pages of changing a group."""

from flask import Blueprint

changes = Blueprint("changes", __name__)
