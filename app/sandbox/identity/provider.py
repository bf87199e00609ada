"""The library behind WSGI: people sign in by a form, and stay signed in until they sign out."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from cryptojwt import JWT
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.user_authn.user import UserAuthnMethod, create_signed_jwt
from werkzeug import Request, Response

from app.sandbox.identity.configuration import make_client, make_configuration
from app.sandbox.identity.pages import render_form, render_signed_out
from app.sandbox.identity.people import CLIENT_ID, CLIENT_SECRET, password_of

COOKIE = "identity_session"
ACR = "urn:sandbox:form"
DISCOVERY = ".well-known/openid-configuration"


class ByForm(UserAuthnMethod):  # type: ignore[misc] # the library has no types
    """Asks for name and password; what the request asked for goes along in a signed field."""

    def __call__(self, **kwargs: object) -> str:
        """The form."""
        keyjar = self.upstream_get("attribute", "keyjar")
        return render_form(create_signed_jwt(self.upstream_get("context").issuer, keyjar, **kwargs))


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in at the provider, since when."""

    user: str
    since: int


class Provider:
    """One provider with one client, the portal. `people`: name -> claims."""

    def __init__(
        self, issuer: str, people: dict[str, dict[str, Any]], homes: list[str] | None = None
    ) -> None:
        self.issuer, self.people = issuer, dict(people)
        self.homes = homes or []
        """Where people may be sent after signing out."""
        self.sessions: dict[str, SignedIn] = {}
        conf = make_configuration(issuer, ByForm, people)
        self.server = Server(OPConfiguration(conf, base_path=""), cwd="")
        self.server.keyjar.add_symmetric(CLIENT_ID, CLIENT_SECRET)
        self.know([])

    def know(self, redirect_uris: list[str]) -> None:
        """Send people back to these addresses and to nobody else."""
        self.server.context.cdb[CLIENT_ID] = make_client(redirect_uris)

    def add_people(self, people: dict[str, dict[str, Any]]) -> None:
        """Know these too, or anew."""
        self.people.update(people)
        self.server.context.userinfo.db.update(people)  # the library's own copy

    def __call__(self, environ: Any, start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        """Answer one request."""
        return self.answer(Request(environ))(environ, start_response)

    def answer(self, request: Request) -> Response:
        """The answer to one request."""
        path = request.path.strip("/")
        if path == "jwks.json":
            return to_json(self.server.keyjar.export_jwks())
        if path == "verify":
            return self._verify(request)
        if path == "session":
            return self._sign_out(request)
        return self._serve({DISCOVERY: "provider_config"}.get(path, path), request)

    def change_tokens(self, text: str) -> str:
        """The answer of the token endpoint, as it is sent."""
        return text

    def _serve(self, name: str, request: Request) -> Response:
        endpoint = self.server.get_endpoint(name)
        if endpoint is None:
            return Response("Not found", 404)
        given = request.args.to_dict() if request.method == "GET" else request.form.to_dict()
        http_info = {
            "headers": {k.lower(): v for k, v in request.headers},
            "url": request.url,
            "method": request.method,
        }
        asked = endpoint.parse_request(given, http_info=http_info)
        if "error" in asked:
            return to_json(asked.to_dict(), 400)
        found = self.sessions.get(request.cookies.get(COOKIE, ""))
        if name == "authorization" and found and "login" not in asked.get("prompt", []):
            return self._send_back(asked, found)
        args = endpoint.process_request(asked, http_info=http_info)
        if "http_response" in args:
            return Response(args["http_response"], mimetype="text/html")
        return self._send(endpoint, asked, args)

    def _verify(self, request: Request) -> Response:
        form = request.form.to_dict()
        told = JWT(self.server.keyjar).unpack(form.get("token", ""))
        user = form.get("user", "")
        if user not in self.people or form.get("password") != password_of(user):
            page = render_form(form["token"], "The user name or the password is wrong.")
            return Response(page, 401, mimetype="text/html")
        found, mark = SignedIn(user, int(time.time())), secrets.token_urlsafe(24)
        self.sessions[mark] = found
        answer = self._send_back(AuthorizationRequest().from_urlencoded(told["query"]), found)
        answer.set_cookie(COOKIE, mark, httponly=True, samesite="Lax")
        return answer

    def _send_back(self, asked: Any, found: SignedIn) -> Response:  # noqa: ANN401 - the library's
        endpoint = self.server.get_endpoint("authorization")
        method = self.server.context.authn_broker.get_method_by_id("form")
        session_id = endpoint.create_session(asked, found.user, ACR, found.since, method)
        return self._send(
            endpoint, asked, endpoint.authz_part2(request=asked, session_id=session_id)
        )

    def _sign_out(self, request: Request) -> Response:
        """RP-Initiated Logout 1.0 with `client_id` and no hint, which the library does not know."""
        self.sessions.pop(request.cookies.get(COOKIE, ""), None)
        home = request.args.get("post_logout_redirect_uri", "")
        is_known = request.args.get("client_id") == CLIENT_ID and home in self.homes
        answer = Response(render_signed_out(home if is_known else ""), mimetype="text/html")
        answer.delete_cookie(COOKIE)
        return answer

    def _send(self, endpoint: Any, asked: Any, args: Any) -> Response:  # noqa: ANN401 - the library's
        if "error" in args:
            return to_json(args.to_dict() if hasattr(args, "to_dict") else dict(args), 400)
        info = endpoint.do_response(request=asked, **args)
        text = str(info["response"])
        if info.get("response_placement") == "url" or text.startswith("http"):
            return Response("", 303, {"Location": text})
        if endpoint.name == "token":
            text = self.change_tokens(text)
        return Response(text, info.get("response_code", 200), mimetype="application/json")


def to_json(value: object, status: int = 200) -> Response:
    """An answer for programs."""
    return Response(json.dumps(value), status, mimetype="application/json")
