"""Checking a name and password as a modern ClickHouse does, the users' quotas included."""

from collections import defaultdict

from app.sandbox.world import USERS, VERSION, User

HOUR_SECONDS = 3600.0


class ClickHouseError(Exception):
    """A refusal with ClickHouse's error code and name, and the HTTP status it travels with."""

    def __init__(self, status: int, code: int, name: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.body = f"Code: {code}. DB::Exception: {text}. ({name}) (version {VERSION})\n"


class Logins:
    """The users of every warehouse and their failed logins. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._failures: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    def check(self, warehouse_id: str, name: str, password: str, now: float) -> User:
        """Return the user who proved to be `name`, at any service of the warehouse.

        Raises ClickHouseError: 516 for a wrong password and an unknown user alike (194 for the
        user `default`), 201 once the user's quota of failed logins within an hour is used up.
        """
        users = {user.name: user for user in USERS[warehouse_id]}
        user = users.get(name)
        if user:
            self._check_quota(warehouse_id, user, now)
        if user is None or user.password != password:
            self._count_failure(warehouse_id, user, now)
            raise refused(name)
        self._failures.pop((warehouse_id, name), None)
        return user

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


def refused(name: str) -> ClickHouseError:
    """Make the refusal that never says whether the user exists."""
    text = f"{name}: Authentication failed: password is incorrect, or there is no such user"
    if name == "default":
        return ClickHouseError(401, 194, "REQUIRED_PASSWORD", text)
    return ClickHouseError(403, 516, "AUTHENTICATION_FAILED", text)
