"""The provider of the sandbox as a process that misbehaves on order.

`python -m tests.support.openid_provider_app PORT`. Orders under /_control make it misbehave: what a
sound library never does is done to its answers on the way out.
"""

import json
import sys
import time
from typing import Any

from cryptojwt import KeyJar
from cryptojwt.jws.jws import factory
from cryptojwt.key_jar import init_key_jar
from werkzeug import Request, Response
from werkzeug.serving import make_server

from app.sandbox.identity.configuration import KEYS
from app.sandbox.identity.people import PEOPLE
from app.sandbox.identity.provider import Provider, to_json
from tests.support.openid_tokens import tampered

MALLORY = {
    "email": "erin@sandbox.example",
    "email_verified": False,
    "groups": ["analytics_viewer"],
    "roles": ["analytics_viewer"],
}


class OrderedProvider(Provider):
    """A provider that takes orders, with somebody whose address is not verified."""

    def __init__(self, issuer: str) -> None:
        super().__init__(issuer, PEOPLE | {"mallory": MALLORY})
        self.orders: dict[str, Any] = {}
        self.subject = ""
        self.retired: KeyJar | None = None

    def answer(self, request: Request) -> Response:
        """The answer, late if that was ordered."""
        if request.path == "/_control":
            return self._take_orders(json.loads(request.get_data() or b"{}"))
        if seconds := self.orders.get("slow"):
            time.sleep(seconds)
        return super().answer(request)

    def change_tokens(self, text: str) -> str:
        """The answer, with an ID token as it was ordered."""
        orders, answer = self.orders.get("id_token"), json.loads(text)
        if "id_token" in answer:
            self.subject = factory(answer["id_token"]).jwt.payload()["sub"]
        if not orders or "id_token" not in answer:
            return text
        is_old = orders.get("sign") == "retired" and self.retired is not None
        keyjar = self.retired if is_old else self.server.keyjar
        answer["id_token"] = tampered(answer["id_token"], orders, keyjar)
        return json.dumps(answer)

    def _take_orders(self, orders: dict[str, Any]) -> Response:
        self.orders = orders
        if orders.pop("rotate", False):
            self._rotate()
        self.add_people(orders.pop("people", {}))
        if uris := orders.pop("redirect_uris", None):
            self.know(uris)
        return to_json({"subject": self.subject})

    def _rotate(self) -> None:
        """New keys; the old ones stay behind for tokens that a thief would sign."""
        self.retired = KeyJar()
        self.retired.import_jwks(self.server.keyjar.export_jwks(private=True), "")
        fresh = init_key_jar(key_defs=KEYS)._issuers[""]._bundles
        for owner in {"", self.issuer} & set(self.server.keyjar.owners()):
            self.server.keyjar._issuers[owner]._bundles[:] = fresh


def main() -> None:
    """Serve until the process is ended."""
    port = int(sys.argv[1])
    provider = OrderedProvider(f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, provider, threaded=True)
    print("ready", flush=True)  # noqa: T201 - for whoever started it
    server.serve_forever()


if __name__ == "__main__":
    main()
