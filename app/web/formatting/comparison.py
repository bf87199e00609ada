"""Configurations side by side: one row for each setting, with what differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask

from app.domain.groups.cost import Price
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.web.formatting.costs import show_cost_range
from app.web.formatting.sizes import show_idle_timeout, show_memory, show_replicas, show_total

Column = tuple[str, ScalingConfig | None]
"""A title and the configuration below it; None if it is not known."""


@dataclass(frozen=True)
class ComparisonRow:
    """One setting. `differs`: the last column's value is not the first one's.

    `edit_address` leads to the field of the form; empty where the setting has none.
    """

    label: str
    cells: tuple[str, ...]
    differs: bool
    edit_address: str = ""


def register_comparison(app: Flask) -> None:
    """Make `compare` known to the templates."""
    app.jinja_env.globals["compare"] = compare


def compare(
    columns: Sequence[Column], price: Price | None = None, edit: str = ""
) -> tuple[ComparisonRow, ...]:
    """The rows. `price` adds what each column costs; `edit` is the address of the form."""
    configs = [config for _, config in columns]
    is_fixed = configs[-1] is None or configs[-1].mode is ScalingMode.VERTICAL
    memory, replicas = (
        ("min_memory_gb", "num_replicas") if is_fixed else ("memory_gb", "min_replicas")
    )
    rows = [
        _row("Memory per replica", configs, show_memory, _memory, _address(edit, memory)),
        _row("Replicas", configs, show_replicas, _replicas, _address(edit, replicas)),
        _row("Total memory", configs, show_total, _total),
        _row("Idle timeout", configs, show_idle_timeout, _idling, _address(edit, "idle_scaling")),
    ]
    if price:
        rows.append(
            _row("Cost per hour", configs, lambda item: show_cost_range(price, item), _total)
        )
    return tuple(rows)


def _row(
    label: str,
    configs: Sequence[ScalingConfig | None],
    show: Callable[[ScalingConfig], str],
    value: Callable[[ScalingConfig], object],
    edit_address: str = "",
) -> ComparisonRow:
    first, last = (item and value(item) for item in (configs[0], configs[-1]))
    cells = tuple(show(item) if item else "Not known" for item in configs)
    return ComparisonRow(label, cells, first != last, edit_address)


def _address(edit: str, field: str) -> str:
    return f"{edit}#{field}" if edit else ""


def _memory(config: ScalingConfig) -> tuple[int, int]:
    return config.min_memory_gb, config.max_memory_gb


def _replicas(config: ScalingConfig) -> tuple[int, int]:
    return config.min_replicas, config.max_replicas


def _total(config: ScalingConfig) -> tuple[int, int]:
    return config.min_total_gb, config.max_total_gb


def _idling(config: ScalingConfig) -> tuple[bool, int | None]:
    return config.idle_scaling, config.idle_timeout_minutes if config.idle_scaling else None
