"""A world whose rules are those of a file, and go by the tags that its Cloud shows."""

from pathlib import Path

from sqlalchemy import Engine

from app.domain.groups.catalog import TagsByService
from app.services.access.policy import Policy
from app.settings import load_catalog
from tests.support.events import RememberedAudit
from tests.unit.services.fakes import Clock, FakeCloud
from tests.unit.services.world import World


def tagged_world(engine: Engine, clock: Clock, path: Path, cloud: FakeCloud) -> World:
    """Nothing was read of Cloud yet."""
    worlds: list[World] = []

    def find_tags() -> TagsByService:
        return worlds[0].groups.snapshot.find_tags()

    policy = Policy(path, load_catalog, load_catalog(path), RememberedAudit(), find_tags)
    worlds.append(World(engine, clock, policy, cloud))
    return worlds[0]
