"""The portal as it is, but with no bound on its requests to Cloud, for many people at once."""

from app.cloud import budget

budget.REQUESTS_IN_WINDOW = 1_000_000

from wsgi import app  # noqa: E402 - the application is built when it is imported

__all__ = ["app"]
