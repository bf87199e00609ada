"""`flask --app wsgi worker`: the jobs that nobody asks for, in a process of their own."""

import signal

import click
from flask import current_app
from flask.cli import with_appcontext

from app.errors import StoreUnavailable
from app.services.portal import Portal
from app.worker import Worker

ENDING = (signal.SIGTERM, signal.SIGINT)


@click.command("worker")
@with_appcontext
def work() -> None:
    """Run the jobs that nobody asks for until SIGTERM or Ctrl-C; set PORTAL_WORKER=apart for the
    processes that serve.
    """
    portal: Portal = current_app.extensions["portal"]
    worker: Worker = current_app.extensions["worker"]
    # Before any thread begins: each inherits it, so that only `sigwait` is told of the end.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        portal.lifecycle.start()
    except StoreUnavailable as error:
        raise click.ClickException(f"{error.message} {error.remedy}".strip()) from None
    worker.start(may_lead=True)
    click.echo("The worker runs. Ctrl-C or SIGTERM ends it.")
    signal.sigwait(ENDING)
    worker.stop()
    portal.lifecycle.stop()
