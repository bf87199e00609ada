"""How the library is set up: code flow with PKCE, RS256, one client."""

from typing import Any

from app.sandbox.identity.people import CLIENT_ID, CLIENT_SECRET

KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
SCOPES = {
    "openid": ["sub", "groups"],
    "email": ["email", "email_verified"],
    "roles": ["roles"],
}
LIFETIME_SECONDS = 300

_ENDPOINTS = {
    "authorization": "idpyoidc.server.oidc.authorization.Authorization",
    "token": "idpyoidc.server.oidc.token.Token",
    "userinfo": "idpyoidc.server.oidc.userinfo.UserInfo",
    "session": "idpyoidc.server.oidc.session.Session",
}
_DISCOVERY = {
    "path": ".well-known/openid-configuration",
    "class": "idpyoidc.server.oidc.provider_config.ProviderConfiguration",
    "kwargs": {},
}


def make_configuration(
    issuer: str, method: type[object], people: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """What the library reads; `method` asks people who they are."""
    endpoints = {
        name: {"path": name, "class": path, "kwargs": {}} for name, path in _ENDPOINTS.items()
    }
    return {
        "issuer": issuer,
        "httpc_params": {"verify": False},
        "key_conf": {"key_defs": KEYS, "uri_path": "jwks.json"},
        "preference": {"subject_types_supported": ["public"]},
        "scopes_to_claims": SCOPES,
        "endpoint": {"provider_config": _DISCOVERY, **endpoints},
        "token_handler_args": _tokens(),
        "authentication": {"form": {"acr": "urn:sandbox:form", "class": method, "kwargs": {}}},
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": people}},
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True},
            }
        },
    }


def make_client(redirect_uris: list[str]) -> dict[str, Any]:
    """The portal, as the provider knows it."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [(uri, None) for uri in redirect_uris],
        "client_salt": "salted",
        "token_endpoint_auth_method": "client_secret_basic",
        "response_types_supported": ["code"],
        "allowed_scopes": list(SCOPES),
        "id_token_signed_response_alg": "RS256",
    }


def _tokens() -> dict[str, Any]:
    code_keys = [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]
    in_id_token = dict.fromkeys(("email", "email_verified", "groups"))
    return {
        "key_conf": {"key_defs": code_keys},
        "code": {"lifetime": 600, "kwargs": {"crypt_conf": {"kwargs": {"iterations": 1}}}},
        "token": {
            "class": "idpyoidc.server.token.jwt_token.JWTToken",
            "kwargs": {
                "lifetime": LIFETIME_SECONDS,
                "alg": "RS256",
                "profile": None,
                "base_claims": {"roles": None},
            },
        },
        "id_token": {
            "class": "idpyoidc.server.token.id_token.IDToken",
            "kwargs": {"lifetime": LIFETIME_SECONDS, "base_claims": in_id_token},
        },
    }
