"""`configs/.env` for a new installation: its template, with the portal's own secrets made up."""

import secrets
from pathlib import Path

KEY_BYTES = 48
OWNER_ALONE = 0o600
PLACEHOLDER = "PORTAL_SECRET_KEY=<your_secret_key>"
LEFT_OUT = "#PORTAL_METRICS_TOKEN="


def write_env_file(template: Path, path: Path) -> None:
    """Make the file, which only its owner may read. Raises OSError, FileExistsError among them."""
    text = template.read_text(encoding="utf-8")
    path.touch(mode=OWNER_ALONE, exist_ok=False)  # never readable by others, not even for a moment
    path.write_text(fill_in(text), encoding="utf-8")


def fill_in(text: str) -> str:
    """The template's text with what nobody needs to choose."""
    for written, name in ((PLACEHOLDER, "PORTAL_SECRET_KEY"), (LEFT_OUT, "PORTAL_METRICS_TOKEN")):
        text = text.replace(f"{written}\n", f"{name}={secrets.token_urlsafe(KEY_BYTES)}\n")
    return text
