"""Whether people can get in at all, and whether only the portal's user can read its secrets."""

import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.cli.check.report import Check, Level
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.group import Service

SUBJECT = "access"
READ_BY_ALL = stat.S_IROTH


def check_access(catalog: Catalog, services: Mapping[str, Service]) -> Iterator[Check]:
    """Whether anybody is given anything in each warehouse: a new file gives nobody access.

    `services` is what Cloud lists, whose tags may give access too.
    """
    if catalog.under_tags:
        tags = {key: dict(item.particulars.tags) for key, item in services.items()}
        catalog = catalog.under_tags(tags)
    shut = [item.name for item in catalog.warehouses if not _is_open(item)]
    if not shut:
        yield Check(SUBJECT, Level.OK, "somebody may see groups of every warehouse.")
        return
    words = f"Nobody may see a group of {', '.join(shut)}, so nobody can sign in there."
    yield Check(SUBJECT, Level.WARNING, words, "Write access in the file of groups.")


def check_files(secret_files: Iterable[Path]) -> Iterator[Check]:
    """Whether files with secrets can be read by every user of this machine."""
    for path in secret_files:
        if path.stat().st_mode & READ_BY_ALL:
            words = f"{path} holds a secret, and every user of this machine can read it."
            yield Check("files", Level.WARNING, words, f"Run: chmod o-rwx {path}")


def _is_open(warehouse: WarehouseDefinition) -> bool:
    rules = (rule for group in warehouse.groups for rule in group.rules)
    return warehouse.local_user is not None or any(rule.permissions for rule in rules)
