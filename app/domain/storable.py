"""Text as every database can keep it, so that the same text means the same in each of them."""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str, longest: int | None = None) -> str:
    """The text, cut to `longest` characters. NUL and lone surrogates, which PostgreSQL or UTF-8
    cannot hold, are replaced by U+FFFD."""
    return _NOT_STORABLE.sub(REPLACEMENT, text)[:longest]
