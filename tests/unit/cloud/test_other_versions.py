"""Two versions of the portal over the same records: what one has written the other may not read."""

import pytest
from sqlalchemy import Engine, update

from app.cloud.snapshot import FRESH_SECONDS
from app.store.database.engine import writing
from app.store.schema import readings
from tests.unit.builders import PRIMARY_ID
from tests.unit.cloud.test_snapshot import NEW, OLD, Cloud, make_snapshot

WRITTEN_OTHERWISE = ['{"services": 5}', '["a list"]', "no JSON"]


def write(engine: Engine, content: str) -> None:
    """Another version has written the reading of all services."""
    with writing(engine) as connection:
        values = {"content": content, "version": readings.c.version + 1}
        connection.execute(update(readings).where(readings.c.name == "services").values(**values))


@pytest.mark.parametrize("content", WRITTEN_OTHERWISE)
def test_what_another_version_wrote_is_read_anew_and_written_over(
    engine: Engine, content: str
) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    write(engine, content)
    assert snapshot.view().services == {PRIMARY_ID: OLD}
    write(engine, content)
    cloud.services, cloud.seconds = (NEW,), FRESH_SECONDS
    assert snapshot.view().services == {PRIMARY_ID: NEW}


@pytest.mark.parametrize("content", WRITTEN_OTHERWISE)
def test_what_was_just_changed_does_not_fail_over_it(engine: Engine, content: str) -> None:
    cloud = Cloud(NEW)
    snapshot = make_snapshot(cloud, engine)
    write(engine, content)
    snapshot.put(NEW)  # after the call has gone out
    assert snapshot.view().services == {PRIMARY_ID: NEW}
