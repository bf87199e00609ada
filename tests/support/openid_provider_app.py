"""A real OpenID provider (idpyoidc) as a process, with people that a test may choose among.

`python -m tests.support.openid_provider_app PORT`. Who signs in is named by the test
in a form, as a person would type it. Orders under /_control make it misbehave: what a sound library
never does is done to its answers on the way out.
"""

import json
import sys
import time
from typing import Any

from cryptojwt import JWT, KeyJar
from cryptojwt.jws.jws import factory
from cryptojwt.key_jar import init_key_jar
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.user_authn.user import UserAuthnMethod, create_signed_jwt
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tests.support.openid_tokens import tampered

CLIENT_ID, CLIENT_SECRET = "portal", "a-secret-of-the-portal-at-the-test-provider"
KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
PEOPLE: dict[str, dict[str, Any]] = {
    "erin": {
        "email": "erin@sandbox.example",
        "email_verified": True,
        "groups": ["analytics_viewer"],
        "roles": ["analytics_operator", "analytics_viewer"],
    },
    "frank": {
        "email": "frank@sandbox.example",
        "email_verified": True,
        "groups": ["nothing_here"],
        "roles": [],
    },
    "mallory": {
        "email": "erin@sandbox.example",
        "email_verified": False,
        "groups": ["analytics_viewer"],
        "roles": ["analytics_viewer"],
    },
}
ENDPOINTS = {
    "authorization": "idpyoidc.server.oidc.authorization.Authorization",
    "token": "idpyoidc.server.oidc.token.Token",
    "userinfo": "idpyoidc.server.oidc.userinfo.UserInfo",
    "session": "idpyoidc.server.oidc.session.Session",
}


class ByForm(UserAuthnMethod):  # type: ignore[misc] # the library has no types
    """Asks for a name in a form; whoever has none must sign in, also with an earlier cookie."""

    def __call__(self, **kwargs: object) -> str:
        """The form, with what the request asks for in a signed field."""
        context, keyjar = self.upstream_get("context"), self.upstream_get("attribute", "keyjar")
        token = create_signed_jwt(context.issuer, keyjar, **kwargs)
        field = f'<input type="hidden" name="token" value="{token}">'
        return f'<form method="post" action="/verify">{field}<input name="user"></form>'

    def verify(self, *_args: object, **kwargs: str) -> str:
        """Whoever is known."""
        if kwargs["user"] not in PEOPLE:
            raise KeyError(kwargs["user"])
        return kwargs["user"]


class Provider:
    """The library behind WSGI."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.orders: dict[str, Any] = {}
        self.subject = ""
        self.server = self._make_server()
        self.retired: KeyJar | None = None

    def _make_server(self) -> Server:
        by_scope = {
            "openid": ["sub", "groups"],
            "email": ["email", "email_verified"],
            "roles": ["roles"],
        }
        conf = {
            "issuer": self.issuer,
            "httpc_params": {"verify": False},
            "key_conf": {"key_defs": KEYS, "uri_path": "jwks.json"},
            "preference": {"subject_types_supported": ["public"]},
            "scopes_to_claims": by_scope,
            "endpoint": {
                "provider_config": {
                    "path": ".well-known/openid-configuration",
                    "class": "idpyoidc.server.oidc.provider_config.ProviderConfiguration",
                    "kwargs": {},
                },
                **{
                    name: {"path": name, "class": path, "kwargs": {}}
                    for name, path in ENDPOINTS.items()
                },
            },
            "token_handler_args": {
                "key_conf": {
                    "key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]
                },
                "code": {"lifetime": 600, "kwargs": {"crypt_conf": {"kwargs": {"iterations": 1}}}},
                "token": {
                    "class": "idpyoidc.server.token.jwt_token.JWTToken",
                    "kwargs": {
                        "lifetime": 300,
                        "alg": "RS256",
                        "profile": None,
                        "base_claims": {"roles": None},
                    },
                },
                "id_token": {
                    "class": "idpyoidc.server.token.id_token.IDToken",
                    "kwargs": {
                        "lifetime": 300,
                        "base_claims": dict.fromkeys(("email", "email_verified", "groups")),
                    },
                },
            },
            "authentication": {
                "form": {
                    "acr": "urn:test:form",
                    "class": ByForm,
                    "kwargs": {},
                }
            },
            "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": PEOPLE}},
            "add_ons": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True},
                }
            },
        }
        server = Server(OPConfiguration(conf, base_path=""), cwd="")
        server.context.cdb[CLIENT_ID] = {
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [],
            "client_salt": "salted",
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", "email", "roles"],
            "id_token_signed_response_alg": "RS256",
        }
        server.keyjar.add_symmetric(CLIENT_ID, CLIENT_SECRET)
        return server

    def __call__(self, environ: Any, start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        path = request.path.strip("/")
        if path == "_control":
            self.orders = json.loads(request.get_data() or b"{}")
            if self.orders.pop("rotate", False):
                self._rotate()
            people = self.orders.pop("people", {})
            PEOPLE.update(people)
            self.server.context.userinfo.db.update(people)
            if uris := self.orders.pop("redirect_uris", None):
                client = self.server.context.cdb[CLIENT_ID]
                client["redirect_uris"] = [(uri, None) for uri in uris]
            return _json({"subject": self.subject})
        if seconds := self.orders.get("slow"):
            time.sleep(seconds)
        if path == "jwks.json":
            return _json(self.server.keyjar.export_jwks())
        if path == "verify":
            return self._verify(request)
        names = {".well-known/openid-configuration": "provider_config"}
        return self._serve(names.get(path, path), request)

    def _rotate(self) -> None:
        """New keys; the old ones stay behind for tokens that a thief would sign."""
        self.retired = KeyJar()
        self.retired.import_jwks(self.server.keyjar.export_jwks(private=True), "")
        fresh = init_key_jar(key_defs=KEYS)._issuers[""]._bundles
        for owner in {"", self.issuer} & set(self.server.keyjar.owners()):
            self.server.keyjar._issuers[owner]._bundles[:] = fresh

    def _serve(self, name: str, request: Request) -> Response:
        endpoint = self.server.get_endpoint(name)
        given = request.args.to_dict() if request.method == "GET" else request.form.to_dict()
        http_info = {
            "headers": {k.lower(): v for k, v in request.headers},
            "url": request.url,
            "method": request.method,
        }
        asked = endpoint.parse_request(given, http_info=http_info)
        if "error" in asked:
            return _json(asked.to_dict(), 400)
        args = endpoint.process_request(asked, http_info=http_info)
        if "http_response" in args:
            return Response(args["http_response"], mimetype="text/html")
        return self._send(endpoint, asked, args)

    def _verify(self, request: Request) -> Response:
        form = request.form.to_dict()
        method = self.server.context.authn_broker.get_method_by_id("form")
        told = JWT(self.server.keyjar).unpack(form["token"])
        endpoint = self.server.get_endpoint("authorization")
        asked = AuthorizationRequest().from_urlencoded(told["query"])
        session_id = endpoint.create_session(
            asked, method.verify(**form), told["authn_class_ref"], told["iat"], method
        )
        return self._send(
            endpoint, asked, endpoint.authz_part2(request=asked, session_id=session_id)
        )

    def _send(self, endpoint: Any, asked: Any, args: Any) -> Response:  # noqa: ANN401 - the library's
        if "error" in args:
            return _json(args.to_dict() if hasattr(args, "to_dict") else dict(args), 400)
        info = endpoint.do_response(request=asked, **args)
        status = info.get("response_code", 200)
        if info.get("response_placement") == "url" or str(info["response"]).startswith("http"):
            return Response("", 303, {"Location": info["response"]})
        text = info["response"]
        if endpoint.name == "token":
            text = self._mishandle(text)
        return Response(text, status, mimetype="application/json")

    def _mishandle(self, text: str) -> str:
        orders, answer = self.orders.get("id_token"), json.loads(text)
        if "id_token" in answer:
            self.subject = factory(answer["id_token"]).jwt.payload()["sub"]
        if not orders or "id_token" not in answer:
            return text
        keyjar = (
            self.retired if orders.get("sign") == "retired" and self.retired else self.server.keyjar
        )
        answer["id_token"] = tampered(answer["id_token"], orders, keyjar)
        return json.dumps(answer)


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, mimetype="application/json")


def main() -> None:
    """Serve until the process is ended."""
    port = int(sys.argv[1])
    provider = Provider(f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, provider, threaded=True)
    print("ready", flush=True)  # noqa: T201 - for whoever started it
    server.serve_forever()


if __name__ == "__main__":
    main()
