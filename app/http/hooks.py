"""What is done before and after every request, given the request itself.

Flask's `request` is looked up anew at each access, which takes longer than most of what is asked
of it there.
"""

from collections.abc import Callable

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue


def before_each(app: Flask, check: Callable[[Request], ResponseReturnValue | None]) -> None:
    """Call it before every request; the first answer that is not None is the request's."""
    app.before_request(lambda: check(request_ctx.request))


def after_each(app: Flask, finish: Callable[[Request, Response], None]) -> None:
    """Call it with every answer, to change or to note it."""

    @app.after_request
    def _finish(response: Response) -> Response:
        finish(request_ctx.request, response)
        return response
