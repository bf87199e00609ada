"""A second factor: one-time codes that are appended to the password."""

from dataclasses import dataclass, field

from app.sandbox.errors import ClickHouseError

# ClickHouse's own number is not known here: clients go by the name.
ERROR_NAME, ERROR_CODE, ERROR_STATUS = "REQUIRED_SECOND_FACTOR", 780, 403


@dataclass
class SecondFactor:
    """The codes of a user that still work, and how a missing code is answered."""

    codes: set[str] = field(default_factory=set)
    status: int = ERROR_STATUS
    error_code: int = ERROR_CODE

    def is_proved(self, name: str, right: str, given: str) -> bool:
        """Say whether `given` is the right password with a code, and use the code up.

        Raises ClickHouseError for the right password without one.
        """
        if given == right:
            text = f"{name}: Authentication requires a one-time password"
            raise ClickHouseError(self.status, self.error_code, ERROR_NAME, text)
        password, _, code = given.rpartition("+")
        if password != right or code not in self.codes:
            return False
        self.codes.remove(code)
        return True
