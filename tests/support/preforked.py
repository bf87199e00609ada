"""A process in which the portal's libraries are loaded already, and from which portals are forked.

Loading them takes most of a start. What a portal is made of stays the same: gunicorn's own entry
with the project's configuration, which loads the portal's code afresh. That `make serve` starts
from nothing is shown by tests/commands.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from flask import Flask
from gunicorn.app.wsgiapp import run
from jinja2 import FileSystemBytecodeCache

import app.factory  # noqa: F401 - for the libraries that it loads

# What one portal has compiled of the templates, the next ones need not.
Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def fork_gunicorn(
    arguments: Sequence[str], environ: Mapping[str, str], folder: Path, log_path: Path
) -> BaseProcess:
    """gunicorn in a session of its own, with nothing but this environment; output in the log."""
    given = (tuple(arguments), dict(environ), str(folder), str(log_path))
    process = _context.Process(target=_become_gunicorn, args=given)
    process.start()
    return process


def _become_gunicorn(
    arguments: tuple[str, ...], environ: dict[str, str], folder: str, log_path: str
) -> None:
    os.setsid()
    os.chdir(folder)
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(log, descriptor)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["gunicorn", *arguments]
    run()
