"""Orders about identity providers: whom the services of a warehouse trust, and changed roles."""

from typing import Any
from urllib.parse import urlsplit

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import check_known
from app.sandbox.cloud.http.errors import ApiError, bad_field
from app.sandbox.trust import TrustedProvider


def trust_provider(cloud: Cloud, body: dict[str, object]) -> dict[str, Any]:
    """Have all services of a warehouse trust a provider. Raises ApiError."""
    check_known(body, ("issuer", "jwks_uri", "warehouse_id", "roles_claim"))
    provider = TrustedProvider(
        issuer=_text("issuer", body.get("issuer")),
        jwks_uri=_address(body.get("jwks_uri")),
        warehouse_id=_text("warehouse_id", body.get("warehouse_id")),
        roles_claim=_text("roles_claim", body.get("roles_claim", "roles")),
    )
    if provider.warehouse_id not in cloud.warehouses:
        raise bad_field("warehouse_id", "must be that of a warehouse", provider.warehouse_id)
    with cloud.lock:
        if not cloud.logins.trust.add(provider):
            raise ApiError(400, "a service trusts five identity providers at most")
    return {"issuer": provider.issuer, "warehouse_id": provider.warehouse_id}


def set_roles(cloud: Cloud, body: dict[str, object]) -> dict[str, Any]:
    """Change the roles of a subject at ClickHouse; null takes its token's. Raises ApiError."""
    check_known(body, ("sub", "roles"))
    sub, roles = _text("sub", body.get("sub")), body.get("roles")
    with cloud.lock:
        if roles is None:
            cloud.logins.trust.roles.pop(sub, None)
        elif isinstance(roles, list) and all(isinstance(item, str) for item in roles):
            cloud.logins.trust.roles[sub] = tuple(roles)
        else:
            raise bad_field("roles", "must be an array of strings, or null", roles)
    return {"sub": sub, "roles": roles}


def _address(given: object) -> str:
    text = _text("jwks_uri", given)
    if urlsplit(text).scheme not in {"http", "https"}:
        raise bad_field("jwks_uri", "must be a web address", text)
    return text


def _text(field: str, given: object) -> str:
    if not isinstance(given, str) or not given:
        raise bad_field(field, "must be a text that is not empty", given)
    return given
