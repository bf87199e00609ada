"""The addresses that templates name, worked out once each."""

from functools import lru_cache

from flask import Flask

MOST_REMEMBERED = 4096


def register_addresses(app: Flask) -> None:
    """Give templates a `url_for` that remembers.

    It knows nothing of the request, so that nothing in one request can get into the addresses of
    another: the portal stands at the root of its host.
    """
    adapter = app.url_map.bind("")

    @lru_cache(MOST_REMEMBERED)
    def find(endpoint: str, values: tuple[tuple[str, object], ...]) -> str:
        return adapter.build(endpoint, dict(values))

    def url_for(endpoint: str, **values: object) -> str:
        return find(endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = url_for
