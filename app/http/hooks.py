"""What is done before and after every request, given the request itself.

Flask's `request` is looked up anew at each access, which takes longer than most of what is asked
of it there. So what follows one another is one hook of Flask's, which looks it up once.
"""

from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar, cast

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.typing import AppOrBlueprintKey, ResponseReturnValue

Check = Callable[[Request], ResponseReturnValue | None]
Finish = Callable[[Request, Response], None]
_Kind = TypeVar("_Kind")


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
    _find_last(app.before_request_funcs, _Checks).append(check)


def after_each(app: Flask, finish: Finish) -> None:
    """Call it with every answer, to change or to note it."""
    _find_last(app.after_request_funcs, _Finishes).append(finish)


def _find_last(hooks: MutableMapping[AppOrBlueprintKey, list[Any]], kind: type[_Kind]) -> _Kind:
    """The last hook of the application, if it is of ours, or a new one after it."""
    listed = hooks.setdefault(None, [])
    if not listed or not isinstance(listed[-1], kind):
        listed.append(kind())
    return cast("_Kind", listed[-1])
