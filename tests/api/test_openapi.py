"""The API's document: valid, complete, and equal to the routes in both directions."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app.api.docs.openapi import build_document
from app.api.operations import OPERATIONS
from app.factory import create_app
from app.settings.environment.addresses import RESERVED_PATHS
from tests.unit.settings.helpers import load, make_root

Part = dict[str, Any]
DESCRIBED = ("api", "legacy")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, wired and never started; the root logger is put back."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    yield create_app(load(make_root(tmp_path_factory.mktemp("portal")), PORTAL_DOCS_PATH="/a/b"))
    root.handlers = before
    root.setLevel(level)


@pytest.fixture(scope="module")
def document() -> Part:
    """The document."""
    return build_document()


def operations(document: Part) -> Iterator[tuple[str, str, Part]]:
    """Method, path and description of each operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_the_document_is_valid_openapi_3_1(document: Part) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document, cls=OpenAPIV31SpecValidator)


def test_a_spoilt_document_would_be_found_out(document: Part) -> None:
    spoilt = {**document, "paths": {"/x": {"get": {"responses": {"200": {}}}}}}
    with pytest.raises(Exception, match="description"):
        validate(spoilt, cls=OpenAPIV31SpecValidator)


# ASVS 6.1.3
def test_it_has_every_route_of_the_api_and_no_other(app: Flask, document: Part) -> None:
    routes = {
        (method, rule.rule.replace("<", "{").replace(">", "}"), rule.endpoint.replace(".", "_"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in DESCRIBED
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (method, path, operation["operationId"]) for method, path, operation in operations(document)
    }
    assert routes == described
    assert len(described) == len(OPERATIONS)


def test_every_parameter_of_a_path_is_described(document: Part) -> None:
    for _, path, operation in operations(document):
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        of_path = [item for item in operation["parameters"] if item["in"] == "path"]
        assert {item["name"] for item in of_path} == named
        assert all(item["required"] for item in of_path)


def test_every_operation_says_how_it_refuses(document: Part) -> None:
    for method, path, operation in operations(document):
        answers = operation["responses"]
        wanted = {"400", "401", "403", "404", "429", "502", "503", "504"}
        wanted |= {"415", "422"} if method == "POST" else set()
        assert wanted <= answers.keys(), path
        assert "500" not in answers
        for status, answer in answers.items():
            kind = "application/problem+json" if int(status) >= 400 else "application/json"
            assert list(answer["content"]) == [kind]
            assert answer["description"]


# ASVS 6.3.4
def test_only_the_earlier_paths_can_do_without_http_basic(document: Part) -> None:
    for _, path, operation in operations(document):
        is_earlier = not path.startswith("/api/")
        ways: list[dict[str, list[str]]] = [{"basic": []}, {"token": []}, {}]
        assert operation["security"] == ways[: 3 if is_earlier else 2]


def test_a_change_leads_to_where_it_can_be_looked_at_again(document: Part) -> None:
    created = document["paths"]["/api/v1/groups/{service_id}/changes"]["post"]["responses"]
    for status in ("201", "202"):
        assert created[status]["links"]["change"]["operationId"] == "api_show_change"
        assert "Location" in created[status]["headers"]


def test_every_shape_and_header_is_used(document: Part) -> None:
    text = str(document["paths"]) + str(document["components"]["schemas"])
    for kind in ("schemas", "headers"):
        for name in document["components"][kind]:
            assert f"#/components/{kind}/{name}'" in text


def test_the_documents_address_is_none_of_the_portals_other_addresses(app: Flask) -> None:
    # A docs path that begins like another address is refused by the list in the settings.
    others = {
        rule.rule.split("/")[1]
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/a/b")
    }
    assert others - {""} == RESERVED_PATHS
