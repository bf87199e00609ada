"""Checking a name and password, or a token, as a modern ClickHouse does, quotas included."""

from collections import defaultdict

from app.sandbox.errors import ClickHouseError, refused
from app.sandbox.extent import users_of
from app.sandbox.second_factor import SecondFactor
from app.sandbox.tokens import TOKENS
from app.sandbox.trust import TrustedProviders
from app.sandbox.world import User

HOUR_SECONDS = 3600.0


class Logins:
    """The users of every warehouse and their failed logins. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._failures: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self.second_factors: dict[tuple[str, str], SecondFactor] = {}
        self.trust = TrustedProviders()

    def check(self, warehouse_id: str, name: str, password: str, now: float) -> User:
        """Return the user who proved to be `name`, at any service of the warehouse.

        Raises ClickHouseError: 516 for a wrong password and an unknown user alike (194 for the
        user `default`), 201 once the user's quota of failed logins within an hour is used up, and
        what a missing second factor is answered with.
        """
        users = {user.name: user for user in users_of(warehouse_id)}
        user = users.get(name)
        if user:
            self._check_quota(warehouse_id, user, now)
        if user is None or not self._is_proved(warehouse_id, user, password):
            self._count_failure(warehouse_id, user, now)
            raise refused(name)
        self._failures.pop((warehouse_id, name), None)
        return user

    def check_token(self, warehouse_id: str, text: str, now: float) -> User:
        """Return the user of a token for the warehouse. Raises ClickHouseError 516."""
        for token in TOKENS:
            if token.warehouse_id == warehouse_id and token.text == text:
                if token.expires_at <= now:
                    break
                return token.user
        if user := self.trust.find_user(warehouse_id, text):
            return user
        raise ClickHouseError(403, 516, "AUTHENTICATION_FAILED", "JWT: Authentication failed")

    def _is_proved(self, warehouse_id: str, user: User, password: str) -> bool:
        factor = self.second_factors.get((warehouse_id, user.name))
        if factor is None:
            return user.password == password
        return factor.is_proved(user.name, user.password, password)

    def _count_failure(self, warehouse_id: str, user: User | None, now: float) -> None:
        if user is not None and user.failed_logins_an_hour is not None:
            self._failures[warehouse_id, user.name].append(now)

    def _check_quota(self, warehouse_id: str, user: User, now: float) -> None:
        recent = [at for at in self._failures[warehouse_id, user.name] if at > now - HOUR_SECONDS]
        self._failures[warehouse_id, user.name] = recent
        limit = user.failed_logins_an_hour
        if limit is not None and len(recent) >= limit:
            text = (
                f"Quota for user `{user.name}` for 3600s has been exceeded: {limit} failed logins"
            )
            raise ClickHouseError(500, 201, "QUOTA_EXCEEDED", text)
