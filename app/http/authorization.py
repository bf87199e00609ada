"""What a request says in its Authorization header."""

from flask import request
from werkzeug.datastructures import Authorization


def find_authorization() -> Authorization | None:
    """The header as parsed; None where there is none or it makes no sense.

    Werkzeug raises for Basic with bytes beyond ASCII, which anybody can send.
    """
    try:
        return request.authorization
    except ValueError:
        return None
