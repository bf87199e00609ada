"""How a ClickHouse service says no."""

from app.sandbox.world import VERSION


class ClickHouseError(Exception):
    """A refusal with ClickHouse's error code and name, and the HTTP status it travels with."""

    def __init__(self, status: int, code: int, name: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.body = f"Code: {code}. DB::Exception: {text}. ({name}) (version {VERSION})\n"


def refused(name: str) -> ClickHouseError:
    """Make the refusal that never says whether the user exists."""
    text = f"{name}: Authentication failed: password is incorrect, or there is no such user"
    if name == "default":
        return ClickHouseError(401, 194, "REQUIRED_PASSWORD", text)
    return ClickHouseError(403, 516, "AUTHENTICATION_FAILED", text)
