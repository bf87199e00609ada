"""No test here reaches a network by accident, or works for somebody of another test."""

from collections.abc import Iterator

import pytest
import responses

from app.context import NO_REQUEST, in_context


@pytest.fixture
def mocked() -> Iterator[responses.RequestsMock]:
    """A network in which only what a test registers exists, and all of that is used."""
    with responses.RequestsMock() as network:
        yield network


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    """No page and nobody's request, before and after."""
    with in_context(NO_REQUEST):
        yield
