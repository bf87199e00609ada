"""Sessions by person: the latest person first, and of each the latest session first."""

from collections.abc import Iterable

from app.domain.sessions import Session


def list_people(sessions: Iterable[Session]) -> list[Session]:
    """The sessions, which come latest first, with those of one person together."""
    places: dict[object, int] = {}
    listed = list(sessions)
    for item in listed:
        places.setdefault(person_of(item), len(places))
    return sorted(listed, key=lambda item: places[person_of(item)])


def person_of(session: Session) -> tuple[str, str, bool]:
    """Whose session it is; the same name in another warehouse is somebody else."""
    return session.identity.user, session.identity.warehouse, session.is_admin
