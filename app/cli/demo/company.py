"""The company's own sign-in of the demonstration: `SANDBOX_OIDC=on make run`.

The provider is a process beside the sandbox, by a library of the test tools, which `make run`
installs where this is asked for. Analytics trusts it, in the portal and at ClickHouse.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import yaml

from app.cli.commands import ROOT
from app.cli.demo.children import ChildFaultError
from app.cli.demo.people import describe_people
from app.cli.demo.portal import CONFIG, instance_of, post_json
from app.domain.groups.catalog import Catalog
from app.errors import SettingsFault
from app.settings.environment.parsers import UnusableValueError, parse_switch
from app.settings.sources import ENVIRONMENT_SOURCE, format_fault

PROGRAM = "identity provider"
SWITCH, LIBRARY = "SANDBOX_OIDC", "idpyoidc"
KEY, NAME, WAREHOUSE = "acme", "Acme", "analytics"
WAREHOUSE_NAME = "Analytics"
OPERATORS = {"clickhouse_roles": ["analytics_operator"], "permissions": ["operator"]}
NEEDS_TOOLS = (
    f"{SWITCH}=on needs {LIBRARY}, one of the test tools. Start with make run, which installs them."
)


@dataclass(frozen=True)
class Provider:
    """What the provider has announced, and the file of groups that names it."""

    told: Mapping[str, Any]
    config: str

    @property
    def environ(self) -> dict[str, str]:
        """What the portal must be told."""
        secret = f"{KEY}={self.told['client_secret']}"
        return {"PORTAL_CONFIG": self.config, "PORTAL_OIDC_CLIENT_SECRETS": secret}

    def users(self, world: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Its people as the users that the portal makes of them."""
        warehouse = _find_warehouse(world)
        return [
            {
                "name": person["name"],
                "known_as": f"{KEY}:{person['email']}",
                "password": person["password"],
                "roles": person["roles"],
                "warehouse": WAREHOUSE_NAME,
                "warehouse_id": warehouse,
            }
            for person in self.told["people"]
        ]


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the demonstration has one. Raises SettingsFault."""
    try:
        is_on = parse_switch(environ.get(SWITCH) or "off")
    except UnusableValueError as unusable:
        line = format_fault(ENVIRONMENT_SOURCE, SWITCH, unusable.what, unusable.remedy)
        raise SettingsFault(faults=(line,)) from None
    if is_on and find_spec(LIBRARY) is None:
        raise SettingsFault(faults=(NEEDS_TOOLS,))
    return is_on


def command_of(port: int) -> list[str]:
    """What starts the provider of the portal at this port."""
    return [sys.executable, "-m", "app.sandbox.identity", "--portal", f"http://127.0.0.1:{port}"]


def trust(line: str, world: Mapping[str, Any], port: int) -> Provider:
    """Have Analytics trust the provider that has announced itself. Raises ChildFaultError."""
    told = json.loads(line)
    order = {"issuer": told["url"], "jwks_uri": told["jwks_uri"]}
    order["warehouse_id"] = _find_warehouse(world)
    if not post_json(f"{world['url']}/_sandbox/providers", order):
        raise ChildFaultError("The sandbox did not take the provider")
    return Provider(told, _write_config(told, port))


def describe(provider: Provider, world: Mapping[str, Any], catalog: Catalog) -> str:
    """What to press, and as whom to sign in there."""
    return (
        f"Or press “Sign in to {WAREHOUSE_NAME} with {NAME}”, and sign in there as one of:\n\n"
        f"{describe_people(provider.users(world), world, catalog)}\n\n"
    )


def _find_warehouse(world: Mapping[str, Any]) -> str:
    """Cloud's id of the warehouse that trusts it."""
    services = [item for item in world["services"] if item["name"].startswith(WAREHOUSE_NAME)]
    return str(services[0]["warehouse_id"])


def _write_config(told: Mapping[str, Any], port: int) -> str:
    """The sandbox's file of groups with the provider in it, beside the records; its path."""
    config = yaml.load((ROOT / CONFIG).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    config["identity_providers"] = {
        KEY: {
            "name": NAME,
            "issuer": told["url"],
            "client_id": told["client_id"],
            "scopes": ["openid", "email", "roles"],
        }
    }
    (warehouse,) = [item for item in config["warehouses"] if item["key"] == WAREHOUSE]
    warehouse |= {"sign_in": "both", "identity_provider": KEY}
    warehouse["access"].append(OPERATORS)
    path = ROOT / instance_of(port) / "org_config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return str(path)
