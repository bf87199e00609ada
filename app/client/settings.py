"""Where the portal is and with which token: from the environment, or from a file that nobody else
may read."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .exits import CommandError, Exit

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
HOW = "Set CGP_URL and CGP_TOKEN, or write url and token into {path} (mode 600)."


@dataclass(frozen=True)
class Settings:
    """The address of the portal without a slash at its end, and the token."""

    url: str
    token: str


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings; the environment wins, and no file is read where it says both.

    Raises CommandError.
    """
    path = _find_path(environ)
    is_all_said = bool(environ.get("CGP_URL") and environ.get("CGP_TOKEN"))
    kept = {} if is_all_said or path is None else _read(path)
    how = HOW.format(path=path or "a file that CGP_CONFIG names")
    url = (environ.get("CGP_URL") or kept.get("url", "")).rstrip("/")
    token = (environ.get("CGP_TOKEN") or kept.get("token", "")).strip()
    if not url:
        raise CommandError(f"It is not known where the portal is. {how}", Exit.USAGE, "no_url")
    _check_url(url)
    if not token:
        raise CommandError(
            f"There is no token. Make one on your account page. {how}",
            Exit.NOT_SIGNED_IN,
            "no_token",
        )
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise CommandError("The token has characters that no token has.", Exit.USAGE, "bad_token")
    return Settings(url, token)


def _find_path(environ: Mapping[str, str]) -> Path | None:
    """The file that may hold them; None for a user without a home, as service accounts are."""
    if environ.get("CGP_CONFIG"):
        return Path(environ["CGP_CONFIG"])
    try:
        return Path.home() / ".config" / "cgp" / "config.toml"
    except RuntimeError:
        return None


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise CommandError(
                    f"{path} can be read by others. Run: chmod 600 {path}", Exit.USAGE, "open_file"
                )
            found = tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}", Exit.USAGE, "bad_file") from None
    unknown = sorted(found.keys() - {"url", "token"})
    if unknown or not all(isinstance(value, str) for value in found.values()):
        raise CommandError(
            f"{path} may say url and token, each as text, and nothing else.",
            Exit.USAGE,
            "bad_file",
        )
    return found


def _check_url(url: str) -> None:
    if not _is_safe(url):
        raise CommandError(
            "The address of the portal must begin with https:// (http:// for this machine alone), "
            "name a host and perhaps a port, and hold no name or password.",
            Exit.USAGE,
            "bad_url",
        )


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a ValueError where it is none
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    return (
        is_safe and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
    )
