"""Tokens are made in sessions of the test's own."""

from tests.pages.account.conftest import enter

__all__ = ["enter"]
