"""One application for all the tests of a file."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.unit.web.application import wired_application


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a database that nobody has made."""
    with wired_application(tmp_path_factory.mktemp("portal")) as wired:
        yield wired
