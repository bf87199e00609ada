"""What is done before and after every request, given the request itself.

Flask's `request` is looked up anew at each access, which takes longer than most of what is asked
of it there. So what follows one another is one hook of Flask's, which looks it up once.
"""

from collections.abc import Callable

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue

Check = Callable[[Request], ResponseReturnValue | None]
Finish = Callable[[Request, Response], None]


class _Checks(list[Check]):
    """In the order in which they were added."""

    def __call__(self) -> ResponseReturnValue | None:
        request = request_ctx.request
        for check in self:
            answer = check(request)
            if answer is not None:
                return answer
        return None


class _Finishes(list[Finish]):
    """In the order of Flask: what was added last comes first."""

    def __call__(self, response: Response) -> Response:
        request = request_ctx.request
        for finish in reversed(self):
            finish(request, response)
        return response


def before_each(app: Flask, check: Check) -> None:
    """Call it before every request; the first answer that is not None is the request's."""
    hooks = app.before_request_funcs.setdefault(None, [])
    last = hooks[-1] if hooks else None
    checks = last if isinstance(last, _Checks) else _Checks()
    checks.append(check)
    if checks is not last:
        app.before_request(checks)


def after_each(app: Flask, finish: Finish) -> None:
    """Call it with every answer, to change or to note it."""
    hooks = app.after_request_funcs.setdefault(None, [])
    last = hooks[-1] if hooks else None
    finishes = last if isinstance(last, _Finishes) else _Finishes()
    finishes.append(finish)
    if finishes is not last:
        app.after_request(finishes)
