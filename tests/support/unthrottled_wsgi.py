"""The portal with room for tests (see no_budget_wsgi), and for any number of wrong passwords.

A tool that tries thousands of credentials would otherwise meet nothing but “too many attempts”,
and wait for the administrator's hash to be computed for each: here it is computed once for
each password.
"""

from functools import cache

from app.services.sign_in.administrator import Administrator
from app.services.sign_in.throttling import waits

Administrator.is_proven = cache(Administrator.is_proven)  # type: ignore[method-assign]
waits.FREE_ATTEMPTS = waits.FREE_ATTEMPTS_OF_NAME = waits.ADDRESS_FAILURES = 1_000_000
waits.ADDRESS_WINDOW_MINUTES = 0  # nothing is remembered of them

from tests.support.no_budget_wsgi import app  # noqa: E402 - the throttle is made when it is imported

__all__ = ["app"]
