"""`python -m app.sandbox.identity --portal URL`: serve until SIGINT or SIGTERM.

It listens on loopback, at a free port if none is given, and prints one line of JSON that says
where, for which client, and who its people are.
"""

import argparse
import json
import logging
import signal
import sys
import threading

from werkzeug.serving import make_server

from app.sandbox.identity.people import CLIENT_ID, CLIENT_SECRET, PEOPLE, password_of
from app.sandbox.identity.provider import Provider

HOST = "127.0.0.1"
CALLBACK, HOME = "/sign-in/company/callback", "/sign-in"


def main(arguments: list[str] | None = None) -> int:
    """Run the provider. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m app.sandbox.identity", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0: any free port")
    parser.add_argument("--portal", required=True, help="the address of the portal")
    options = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _serve(options.port, options.portal, ended)
    return 0


def _serve(port: int, portal: str, ended: threading.Event) -> None:
    # The issuer names the port, so that the socket comes first.
    server = make_server(HOST, port, lambda *_: [], threaded=True)
    url = f"http://{HOST}:{server.server_port}"
    provider = Provider(url, PEOPLE, [f"{portal}{HOME}"])
    provider.know([f"{portal}{CALLBACK}"])
    server.app = provider
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(_announcement(url)), flush=True)
    ended.wait()
    server.shutdown()


def _announcement(url: str) -> dict[str, object]:
    people = [
        {"name": name, "password": password_of(name), **claims} for name, claims in PEOPLE.items()
    ]
    return {
        "url": url,
        "jwks_uri": f"{url}/jwks.json",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "people": people,
    }


if __name__ == "__main__":
    sys.exit(main())
