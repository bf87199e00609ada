"""The client secrets of identity providers, as the environment gives them."""

from app.settings.parsers import UnusableValueError

MIN_CLIENT_SECRET_LENGTH = 16


def parse_client_secrets(text: str) -> dict[str, str]:
    """The secret of each provider by its key. Raises UnusableValueError."""
    found: dict[str, str] = {}
    for item in text.split():
        key, sign, secret = item.partition("=")
        if not key or not sign or key in found:
            remedy = "Write key=secret for each provider once, with blanks between."
            raise UnusableValueError("cannot be understood", remedy)
        if len(secret) < MIN_CLIENT_SECRET_LENGTH:
            remedy = "Use the secret that the provider has made."
            what = f"holds a secret of fewer than {MIN_CLIENT_SECRET_LENGTH} characters"
            raise UnusableValueError(what, remedy)
        found[key] = secret
    return found


def find_missing(keys: set[str], given: dict[str, str]) -> str:
    """The first provider without a secret; empty if there is none."""
    return min(keys - given.keys(), default="")
