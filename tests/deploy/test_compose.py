"""The compose file: judged by the specification, and by what the portal and its image need."""

import re
from typing import Any

import pytest
import yaml

from app.settings.environment.table import ENVIRONMENT
from tests.deploy.conftest import DEPLOY
from tests.deploy.containerfile import read_stages
from tests.deploy.tools import ask_tool

TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
GIVEN = {"PORTAL_SITE": "portal.example.test", "CLICKHOUSE_ORGANIZATION_ID": "an-id"}
VARIABLE = re.compile(r"\$\{(\w+)(:-|:\?)([^}]*)\}")


def filled_in(text: str) -> str:
    """With the variables that an operator sets, as compose reads the file."""
    return VARIABLE.sub(lambda found: GIVEN.get(found[1], found[3]), text)


def fault_of(text: str) -> str:
    """What the specification says against it; empty if nothing."""
    # Dumped anew, so that what the services share stands in each of them.
    found: str = ask_tool("check_compose.py", yaml.safe_dump(yaml.safe_load(filled_in(text))))
    return found


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Those of the file, with what they share put in."""
    found: dict[str, Any] = yaml.safe_load(TEXT)["services"]
    return found


def test_the_file_is_what_the_specification_says() -> None:
    assert fault_of(TEXT) == ""


def test_only_what_has_no_default_must_be_given() -> None:
    assert {name for name, kind, _ in VARIABLE.findall(TEXT) if kind == ":?"} == GIVEN.keys()


def test_a_mistake_would_be_found() -> None:
    assert "insid" in fault_of(TEXT.replace("networks: [inside]", "networks: [insid]"))
    assert "pids_limit" in fault_of(TEXT.replace("pids_limit: 200", "pids_limit: many"))


def test_no_service_may_become_root_or_write_into_its_image(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["portal"]["user"] == "65532:65532"
    assert "cap_add" not in services["portal"]


def test_every_setting_is_one_of_the_portals_and_secrets_are_files(
    services: dict[str, Any],
) -> None:
    given = services["portal"]["environment"]
    secrets = {item.name for item in ENVIRONMENT if item.is_secret}
    assert given.keys() <= {item.name for item in ENVIRONMENT} | {
        f"{name}_FILE" for name in secrets
    }
    assert not given.keys() & secrets
    files = {value for name, value in given.items() if name.endswith("_FILE")}
    assert files == {f"/run/secrets/{name}" for name in services["portal"]["secrets"]}


def test_the_database_is_reached_from_inside_alone(services: dict[str, Any]) -> None:
    assert services["database"]["networks"] == ["inside"]
    assert yaml.safe_load(TEXT)["networks"]["inside"] == {"internal": True}
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_what_is_mounted_is_where_the_image_looks(services: dict[str, Any]) -> None:
    image = read_stages(DEPLOY / "Containerfile")[-1]
    targets = {item.split(":")[1] for item in services["portal"]["volumes"]}
    assert set(image.values("VOLUME")) == {'["/var/lib/portal"]'}
    assert targets == {"/etc/portal", "/var/lib/portal"}
    assert image.environment()["PORTAL_CONFIG"].startswith("/etc/portal/")
