"""Comparing an answer with an example of it: its names, and kinds of values."""

from typing import Any

FREE = {"answer.result"}
"""Where ClickHouse Cloud may say more than the example has."""


def same_shape(answer: Any, example: Any, where: str = "answer") -> None:  # noqa: ANN401 - JSON
    """Raises AssertionError where names or kinds differ; lists are compared by first elements."""
    assert type(answer) is type(example), f"{where}: {answer!r} is not like {example!r}"
    if isinstance(example, dict):
        assert example.keys() <= answer.keys(), where
        assert where in FREE or answer.keys() == example.keys(), where
        for name in example:
            same_shape(answer[name], example[name], f"{where}.{name}")
    if isinstance(example, list) and example:
        assert answer, f"{where} is empty"
        same_shape(answer[0], example[0], f"{where}[0]")
