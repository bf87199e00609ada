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
    """The settings; the environment wins. Raises CommandError."""
    path = Path(environ.get("CGP_CONFIG") or Path.home() / ".config" / "cgp" / "config.toml")
    kept = _read(path)
    url = (environ.get("CGP_URL") or kept.get("url", "")).rstrip("/")
    token = (environ.get("CGP_TOKEN") or kept.get("token", "")).strip()
    if not url:
        raise CommandError(
            f"It is not known where the portal is. {HOW.format(path=path)}", Exit.USAGE, "no_url"
        )
    _check_url(url)
    if not token:
        raise CommandError(
            f"There is no token. Make one on your account page. {HOW.format(path=path)}",
            Exit.NOT_SIGNED_IN,
            "no_token",
        )
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise CommandError("The token has characters that no token has.", Exit.USAGE, "bad_token")
    return Settings(url, token)


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise CommandError(
                    f"{path} can be read by others. Run: chmod 600 {path}", Exit.USAGE, "open_file"
                )
            found = tomllib.load(file)
    except FileNotFoundError:
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
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    if not (is_safe and parts.hostname) or parts.username or parts.query or parts.fragment:
        raise CommandError(
            "The address of the portal must begin with https:// (http:// for this machine alone) "
            "and hold no name or password.",
            Exit.USAGE,
            "bad_url",
        )
