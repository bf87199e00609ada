"""Hooks around every request: their order, and that the first answer is the request's."""

from flask import Flask, Request, Response

from app.http.hooks import after_each, before_each


def an_app() -> tuple[Flask, list[str]]:
    """Hooks of both kinds, with one of Flask's own between them; what was called, in order."""
    app, called = Flask("hooks"), list[str]()

    def checking(name: str) -> None:
        def check(request: Request) -> str | None:
            called.append(name)
            return "no" if request.args.get("refuses") == name else None

        before_each(app, check)

    def finishing(name: str) -> None:
        def finish(_request: Request, _response: Response) -> None:
            called.append(name)

        after_each(app, finish)

    for name in ("one", "two"):
        checking(name)
        finishing(f"after {name}")

    @app.before_request
    def _before() -> None:
        called.append("of Flask")

    @app.after_request
    def _after(response: Response) -> Response:
        called.append("after of Flask")
        return response

    checking("three")
    finishing("after three")
    app.add_url_rule("/", view_func=lambda: "yes")
    return app, called


AFTER = ["after three", "after of Flask", "after two", "after one"]


def test_hooks_keep_the_order_of_flask() -> None:
    app, called = an_app()
    assert app.test_client().get("/").text == "yes"
    assert called == ["one", "two", "of Flask", "three", *AFTER]


def test_the_first_answer_is_that_of_the_request() -> None:
    app, called = an_app()
    assert app.test_client().get("/?refuses=two").text == "no"
    assert called == ["one", "two", *AFTER]
