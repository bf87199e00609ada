"""Files that are the same for everybody: kept by browsers for a year, and sent compressed.

Their addresses carry an edition, a hash over all of them, so that a new edition has new addresses
and nothing kept is ever out of date. It stands in the path and not in the query, so that what a
style sheet or a module names relative to itself has it too.

Pages are never compressed: they carry form tokens beside text that others can choose, and the
length of a compressed answer would tell the one from the other (the attack called BREACH).
"""

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from flask import Flask, Request, Response

from app.http.access import SHARED
from app.http.hooks import after_each

EDITIONED = frozenset({"static", "bootstrap.static"})
"""Endpoints whose addresses carry the edition."""

A_YEAR = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "image/svg+xml", "application/javascript")
LEAST_BYTES = 400
"""Below this, compression saves less than its own headers cost."""


def edition_of(folder: Path) -> str:
    """Twelve characters that change with any file of ours, or with Bootstrap's style sheet."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    with as_file(files("flask_bootstrap") / "static/bootstrap5/css/bootstrap.min.css") as sheet:
        digest.update(sheet.read_bytes())
    return digest.hexdigest()[:12]


def register_static_files(app: Flask) -> None:
    """Let browsers keep editioned files, and compress whatever is shared."""
    after_each(app, _send_well)


def _send_well(request: Request, response: Response) -> None:
    if request.endpoint in EDITIONED and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = A_YEAR
    if request.endpoint in SHARED and response.status_code == 200:
        _compress(request, response)


def _compress(request: Request, response: Response) -> None:
    if not (response.mimetype or "").startswith(COMPRESSIBLE):
        return
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or (response.content_length or 0) < LEAST_BYTES:
        return
    response.direct_passthrough = False
    response.set_data(_packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same file, but not byte by byte


@lru_cache(maxsize=64)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
