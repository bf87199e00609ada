"""The Helm chart: rendered by Helm's own library, judged by the schemas of Kubernetes."""

import copy
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from app import VERSION
from app.settings.environment.table import ENVIRONMENT
from tests.deploy.conftest import DEPLOY
from tests.deploy.tools import ask_tool

CHART = DEPLOY / "helm"
OLDEST_KUBERNETES, NEWEST_KUBERNETES = "1.29", "1.36"

Values = dict[str, Any]
Manifest = dict[str, Any]

LEAST: Values = {
    "image": {"repository": "registry.example.test/portal"},
    "portal": {"publicUrl": "https://portal.example.test", "organizationId": "an-id"},
    "rules": {"file": "warehouses: []\n"},
    "secrets": {"existingSecret": "portal"},
    "networkPolicy": {"databaseTo": [{"ipBlock": {"cidr": "10.1.2.3/32"}}]},
}
FULL: Values = {
    "image": {
        "repository": "registry.example.test/portal",
        "digest": "sha256:" + "a" * 64,
        "pullPolicy": "Always",
        "pullSecrets": [{"name": "registry"}],
    },
    "replicas": 3,
    "portal": {
        "publicUrl": "https://portal.example.test:8443/",
        "organizationId": "an-id",
        "trustedProxies": 2,
        "settings": {"PORTAL_ADMIN_USERNAME": "root", "PORTAL_SESSION_HOURS": "4"},
    },
    "rules": {"existingConfigMap": "rules-of-ours", "existingFolder": ["sales.yaml"]},
    "secrets": {
        "existingSecret": "portal",
        "further": {"PORTAL_METRICS_TOKEN": "metrics", "PORTAL_ADMIN_PASSWORD_HASH": "admin"},
    },
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "annotations": {"a.example.test/b": "c"},
        "tlsSecret": "tls",
    },
    "autoscaling": {"enabled": True},
    "networkPolicy": {
        "ingressFrom": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}],
        "databaseTo": [{"podSelector": {"matchLabels": {"app": "postgresql"}}}],
        "extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.1/32"}}]}],
    },
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "nodeSelector": {"disk": "fast"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "podAnnotations": {"a": "b"},
    "podLabels": {"team": "data"},
}
ALL = {"least": LEAST, "full": FULL}


def render(values: Values, *, lint: bool = False) -> dict[str, Any]:
    """What Helm makes of it."""
    given = {"chart": str(CHART), "values": values, "lint": lint}
    return cast("dict[str, Any]", ask_tool("render_chart.py", given))


def manifests_of(values: Values) -> list[Manifest]:
    """Every object of the chart."""
    found = render(values)
    assert found["error"] == ""
    texts = [text for name, text in found["manifests"].items() if name.endswith(".yaml")]
    return [item for text in texts for item in yaml.safe_load_all(text) if item]


@pytest.fixture(scope="module", params=list(ALL))
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    """With the values that must be given, and with every value there is."""
    return manifests_of(ALL[request.param])


def kinds(manifests: list[Manifest]) -> set[str]:
    return {item["kind"] for item in manifests}


def pod_specs(manifests: list[Manifest]) -> list[Manifest]:
    return [
        item["spec"]["template"]["spec"]
        for item in manifests
        if item["kind"] in {"Deployment", "Job"}
    ]


def test_helm_has_nothing_to_say_but_about_a_picture() -> None:
    assert [item["error"] for item in render(LEAST, lint=True)["findings"]] == [
        "icon is recommended"
    ]


@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, NEWEST_KUBERNETES])
def test_every_object_is_one_that_kubernetes_takes(manifests: list[Manifest], version: str) -> None:
    known = [item for item in manifests if item["kind"] != "ServiceMonitor"]  # an operator's own
    assert ask_tool("check_manifests.py", {"version": version, "manifests": known}) == []


def test_the_schemas_would_find_a_mistake() -> None:
    broken = copy.deepcopy(manifests_of(LEAST))
    for item in broken:
        if item["kind"] == "Deployment":
            item["spec"]["replica"] = 2
    found = ask_tool("check_manifests.py", {"version": NEWEST_KUBERNETES, "manifests": broken})
    assert len(found) == 1


def test_what_is_made_is_what_was_asked_for() -> None:
    always = {"Deployment", "Job", "Service", "ServiceAccount", "PodDisruptionBudget"}
    assert kinds(manifests_of(LEAST)) == always | {"ConfigMap", "NetworkPolicy"}
    more = {"HorizontalPodAutoscaler", "Ingress", "ServiceMonitor", "NetworkPolicy"}
    assert kinds(manifests_of(FULL)) == always | more


def test_no_pod_is_root_or_may_become_it_or_writes_into_its_image(
    manifests: list[Manifest],
) -> None:
    assert len(pod_specs(manifests)) == 2
    for spec in pod_specs(manifests):
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 65532
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_every_setting_is_one_of_the_portals_and_no_secret_is_among_the_values(
    manifests: list[Manifest],
) -> None:
    known = {item.name for item in ENVIRONMENT}
    files = {item.file_name for item in ENVIRONMENT if item.is_secret}
    for spec in pod_specs(manifests):
        given = {item["name"]: item for item in spec["containers"][0]["env"]}
        assert given.keys() <= known | files
        assert not given.keys() & {item.name for item in ENVIRONMENT if item.is_secret}
        assert {"PORTAL_SECRET_KEY_FILE", "PORTAL_DATABASE_URL_FILE"} <= given.keys()
    assert "Secret" not in kinds(manifests)


def test_the_probes_ask_what_answers_by_any_host(manifests: list[Manifest]) -> None:
    (deployment,) = [item for item in manifests if item["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": "http"}


def test_nothing_goes_out_but_to_names_cloud_endpoints_and_the_database() -> None:
    (policy,) = [item for item in manifests_of(LEAST) if item["kind"] == "NetworkPolicy"]
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    ports = [sorted({port["port"] for port in rule["ports"]}) for rule in policy["spec"]["egress"]]
    assert ports == [[53], [443, 8443], [5432]]
    block = policy["spec"]["egress"][1]["to"][0]["ipBlock"]
    assert "169.254.0.0/16" in block["except"]


def rules_volume(manifests: list[Manifest]) -> dict[str, str]:
    """The key of the ConfigMap -> where the portal finds it; the same in every pod."""
    first, second = [
        volume["configMap"]["items"]
        for spec in pod_specs(manifests)
        for volume in spec["volumes"]
        if volume["name"] == "rules"
    ]
    assert first == second
    return {item["key"]: item["path"] for item in first}


def test_the_file_of_groups_stands_where_the_portal_reads_it() -> None:
    assert rules_volume(manifests_of(LEAST)) == {"org_config.yaml": "org_config.yaml"}


def test_several_files_of_groups_stand_in_the_folder_beside_the_first() -> None:
    folder = {"sales.yaml": "key: sales\ngroups: []\n", "b-2.yaml": "key: b\n"}
    made = manifests_of(LEAST | {"rules": {"file": "warehouses: []\n", "folder": folder}})
    (config,) = [item for item in made if item["kind"] == "ConfigMap"]
    assert config["data"] == {"org_config.yaml": "warehouses: []\n", **folder}
    assert rules_volume(made) == {
        "org_config.yaml": "org_config.yaml",
        "b-2.yaml": "org_config.d/b-2.yaml",
        "sales.yaml": "org_config.d/sales.yaml",
    }


def test_keys_of_a_config_map_of_ones_own_are_files_of_the_folder() -> None:
    assert rules_volume(manifests_of(FULL)) == {
        "org_config.yaml": "org_config.yaml",
        "sales.yaml": "org_config.d/sales.yaml",
    }


def test_an_ingress_is_for_the_host_of_the_public_address() -> None:
    (ingress,) = [item for item in manifests_of(FULL) if item["kind"] == "Ingress"]
    assert ingress["spec"]["rules"][0]["host"] == "portal.example.test"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"image": {}}, "image.repository: where your registry"),
        ({"portal": {"organizationId": "x"}}, "portal.publicUrl: what people type"),
        ({"portal": {"publicUrl": "http://portal"}}, "publicUrl"),
        ({"portal": {"publicUrl": "https://a"}}, "portal.organizationId: the id"),
        ({"secrets": {}}, "secrets.existingSecret: a Secret with api_key"),
        ({"rules": {}}, "rules.file: the file of groups"),
        ({"rules": {"file": "a: 1", "folder": {"b.yml": "a: 1"}}}, "propertyName 'b.yml'"),
        ({"rules": {"file": "a: 1", "folder": {"../b.yaml": "a: 1"}}}, "propertyName '../b.yaml'"),
        (
            {"rules": {"file": "a: 1", "folder": {"org_config.yaml": "a: 1"}}},
            "propertyName 'org_config.yaml'",
        ),
        ({"networkPolicy": {}}, "networkPolicy.databaseTo: where PostgreSQL is"),
        ({"replica": 3}, "replica"),
        ({"replicas": 0}, "replicas"),
        ({"serviceMonitor": {"enabled": True}}, "secrets.further.PORTAL_METRICS_TOKEN"),
    ],
)
def test_a_value_that_is_missing_or_makes_no_sense_is_named(change: Values, words: str) -> None:
    assert words in render(LEAST | change)["error"]


def test_every_value_that_the_schema_knows_has_its_default_and_the_other_way_round() -> None:
    def paths(node: Any, at: str = "") -> set[str]:  # noqa: ANN401 - YAML
        inner = node if isinstance(node, dict) else {}
        return {at} | {path for key, item in inner.items() for path in paths(item, f"{at}.{key}")}

    def known(node: Values, at: str = "") -> set[str]:
        inner = node.get("properties", {})
        return {at} | {path for key, item in inner.items() for path in known(item, f"{at}.{key}")}

    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    schema = yaml.safe_load((CHART / "values.schema.json").read_text(encoding="utf-8"))
    free = (".resources", ".portal.settings", ".rules.folder")
    given = {path for path in paths(values) if not path.startswith(tuple(f"{p}." for p in free))}
    assert given == known(schema) - {".global"}


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load(Path(CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["version"] == chart["appVersion"] == VERSION
