"""`make run`, by way of app.cli.run: the sandbox and the portal over it, until Ctrl-C.

Exit codes: 0 stopped on purpose; 1 one of the two failed; 2 a port is taken or a setting is
unusable. Nothing is left running in any case.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import threading
import time
from contextlib import ExitStack
from typing import Any

from app.cli.commands import ROOT, SERVER
from app.cli.demo import company
from app.cli.demo.children import Child, ChildEndedError, ChildFaultError
from app.cli.demo.history import fill_load
from app.cli.demo.people import describe_people
from app.cli.demo.plan import plan_soon
from app.cli.demo.portal import (
    ADMINISTRATOR,
    ADMINISTRATOR_PASSWORD,
    choose_port,
    get_json,
    instance_of,
    is_healthy,
    portal_environ,
    reload_arguments,
)
from app.cli.demo.ports import is_port_free
from app.errors import SettingsFault
from app.settings import Settings, load_settings

START_SECONDS = 30.0
POLL_SECONDS = 0.1


class Stopped(Exception):
    """Somebody asked for the end."""


class Stop:
    """Whether the end was asked for: by Ctrl-C, a signal to end, or a closed terminal."""

    def __init__(self) -> None:
        self._stop_requested = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop_requested.set())

    def pause(self) -> None:
        """Wait a moment. Raises Stopped."""
        if self._stop_requested.wait(POLL_SECONDS):
            raise Stopped


def main(arguments: list[str] | None = None) -> int:
    """Run the sandbox and the portal until the end is asked for. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m app.cli.run", description=main.__doc__)
    parser.add_argument("--reload", action="store_true", help="follow changes of the code")
    options = parser.parse_args(arguments)
    try:
        _run(Stop(), is_reloading=options.reload)
    except Stopped:
        print("\nStopped the portal and the sandbox.", flush=True)
        return 0
    except SettingsFault as error:
        print(error.message, file=sys.stderr)
        return 2
    except ChildFaultError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(stop: Stop, *, is_reloading: bool) -> None:
    port = choose_port(os.environ)
    has_company = company.is_wanted(os.environ)
    _check_port(port)
    with ExitStack() as stack:
        sandbox = stack.enter_context(_piped("sandbox", [sys.executable, "-m", "app.sandbox"]))
        sandbox_url = json.loads(_announcement(sandbox, stop))["url"]
        _check_port(port)  # again: the sandbox may have taken it
        world = get_json(f"{sandbox_url}/_sandbox/world")
        # The sandbox's world starts afresh, so records of an earlier one would speak of another.
        shutil.rmtree(ROOT / instance_of(port), ignore_errors=True)
        provider, watched = None, [sandbox]
        if has_company:
            child = stack.enter_context(_piped(company.PROGRAM, company.command_of(port)))
            provider = company.trust(_announcement(child, stop), world, port)
            watched.append(child)
        environ = portal_environ(os.environ, world, port) | (provider.environ if provider else {})
        settings = load_settings(environ, root=ROOT)
        fill_load(settings, world)
        arguments = reload_arguments(is_reloading, environ["PORTAL_CONFIG"])
        command = [*SERVER, "--log-level", "warning", *arguments]
        portal = stack.enter_context(Child("portal", command, environ=environ, is_piped=False))
        _wait_until_healthy(settings, portal, stop)
        print(_welcome(settings, world, provider, plan_soon(settings, world)), flush=True)
        _watch((portal, *watched), stop)


def _piped(name: str, command: list[str]) -> Child:
    return Child(name, command, environ=os.environ, is_piped=True)


def _check_port(port: int) -> None:
    if not is_port_free(port):
        fault = f"Port {port} is taken. Set PORTAL_PORT to a free port and start again."
        raise SettingsFault(faults=(fault,))


def _announcement(child: Child, stop: Stop) -> str:
    """The line of JSON with which a program says that it serves."""
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        try:
            line = child.read_line()
            child.check()
        except ChildEndedError as error:
            if error.code == 2:  # its port is taken, and it has said so
                raise SystemExit(2) from None
            raise
        if line:
            return line
        stop.pause()
    raise ChildFaultError(f"The {child.name} did not start within {START_SECONDS:.0f} seconds")


def _wait_until_healthy(settings: Settings, portal: Child, stop: Stop) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        portal.check()
        if is_healthy(settings.public_url):
            return
        stop.pause()
    raise ChildFaultError(f"The portal did not answer within {START_SECONDS:.0f} seconds")


def _watch(children: tuple[Child, ...], stop: Stop) -> None:
    while True:
        for child in children:
            child.check()
        stop.pause()


def _welcome(
    settings: Settings, world: dict[str, Any], provider: company.Provider | None, plan: str
) -> str:
    return (
        f"\nThe portal is ready: {settings.public_url}\n\n"
        f"Sign in as one of the sandbox's people:\n\n"
        f"{describe_people(world['users'], world, settings.catalog)}\n\n"
        f"{company.describe(provider, world, settings.catalog) if provider else ''}"
        f"The administrator signs in at {settings.public_url}/admin/sign-in as {ADMINISTRATOR}, "
        f"password {ADMINISTRATOR_PASSWORD}.\n\n"
        f"{plan}"
        f"The simulated ClickHouse Cloud is at {world['url']}/_sandbox/world\n"
        "Press Ctrl-C to stop both."
    )
