"""`python -m app.sandbox`: serve until SIGINT or SIGTERM."""

import argparse
import ipaddress
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Callable

from app.sandbox.control.settings import FASTEST
from app.sandbox.extent import MOST_SERVICES, MOST_WAREHOUSES, Extent
from app.sandbox.listening import PortTaken
from app.sandbox.server import Sandbox

DEFAULT_PORT = "8900"
HIGHEST_PORT = 65_535


def main(arguments: list[str] | None = None) -> int:
    """Run the sandbox. Returns the exit code: 0 when asked to end, 2 when a port is taken."""
    options = parse_arguments(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        sandbox = Sandbox.start(options.port, options.speed, options.host, options.extent)
    except PortTaken as taken:
        print(_taken_message(taken.port, options), file=sys.stderr)
        return 2
    with sandbox:
        print(json.dumps(_announcement(sandbox)), flush=True)
        ended.wait()
    return 0


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; unusable values end the program with code 2 and a sentence."""
    parser = argparse.ArgumentParser("python -m app.sandbox", description=__doc__)
    port = os.environ.get("SANDBOX_PORT") or DEFAULT_PORT
    parser.add_argument("--port", type=_port, default=port, help="the API's port; 0: any free")
    parser.add_argument("--speed", type=_speed, default=1.0, help="sandbox seconds a second")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback only")
    for name, most, text in (
        ("warehouses", MOST_WAREHOUSES, "how many warehouses, 2 unless given"),
        ("services", MOST_SERVICES, "how many services each of them has at least"),
    ):
        variable = f"SANDBOX_{name.upper()}"
        default = os.environ.get(variable) or getattr(Extent, name)
        parser.add_argument(
            f"--{name}", type=_count(name, most), default=str(default), help=f"{text} ({variable})"
        )
    options = parser.parse_args(arguments)
    options.extent = Extent(options.warehouses, options.services)
    _check_ports(parser, options)
    return options


def _announcement(sandbox: Sandbox) -> dict[str, object]:
    world = sandbox.world()
    return {
        "url": world["url"],
        "api": world["api"],
        "world": f"{world['url']}/_sandbox/world",
        "services": {service["name"]: service["endpoint_url"] for service in world["services"]},
    }


def _taken_message(port: int, options: argparse.Namespace) -> str:
    return (
        f"Port {port} on {options.host} is taken. Set SANDBOX_PORT (or --port) to the first of "
        f"{options.extent.service_count + 1} free ports and start again."
    )


def _check_ports(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    last = HIGHEST_PORT - options.extent.service_count
    if options.port > last:
        parser.error(f"--port: {options.port} leaves too few above it: take 0, or up to {last}")


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port: set SANDBOX_PORT or --port to 0, "
            f"or to a number up to {HIGHEST_PORT}"
        )
    return port


def _count(name: str, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        count = int(text) if text.isdecimal() else 0
        if not 1 <= count <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of {name} from 1 to {most}")
        return count

    return parse


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed from 0 to {FASTEST}")
    return speed


def _loopback(text: str) -> str:
    host = "127.0.0.1" if text == "localhost" else text
    try:
        is_loopback = ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise argparse.ArgumentTypeError(f"{text!r} is not an IPv4 loopback address")
    return host


if __name__ == "__main__":
    sys.exit(main())
