"""Bodies and answers about programmes."""

from datetime import date, datetime
from uuid import UUID

from services.eligibility.programmes.models import Programme, ProgrammeVersion
from services.eligibility.programmes.rules import Scope, VersionContent
from shared.fields import Answer, shown
from shared.offers import OfferedAction


class ProgrammeBody(Scope):
    """A new programme. Its rules and package come with its first version."""

    model_config = shown(
        {
            "code": "example_return",
            "name": "Assisted return from Lithuania to Lebanon, an example",
            "donor": "ours",
            "currency": "EUR",
            "host_countries": ["LTU"],
            "destination_countries": ["LBN"],
        }
    )


class VersionBody(VersionContent):
    """A new version. It is never changed; a later one for the same dates supersedes it."""


class ProgrammeAnswer(Answer):
    """A programme. `latest_version`: the number of its newest version, 0 for none yet."""

    programme_id: UUID
    code: str
    name: str
    donor: str
    currency: str
    host_countries: tuple[str, ...]
    destination_countries: tuple[str, ...] | None
    latest_version: int
    actions: list[OfferedAction]


class VersionLine(Answer):
    """A version in a list."""

    version_id: UUID
    programme_id: UUID
    number: int
    valid_from: date
    valid_until: date | None
    provisional: bool
    made_by: str
    made_at: datetime


class VersionAnswer(VersionLine):
    """A whole version."""

    content: VersionContent


class NewVersionAnswer(VersionLine):
    """`supersedes`: numbers of earlier versions that no longer apply on some of its dates; they stay as they are.
    `cases_still_to_look_at`: more open cases than were decided again at once; they follow one by one."""

    supersedes: tuple[int, ...]
    cases_still_to_look_at: int


def programme_answer(row: Programme, actions: list[OfferedAction]) -> ProgrammeAnswer:
    return ProgrammeAnswer(
        programme_id=row.id,
        code=row.code,
        name=row.name,
        donor=row.donor,
        currency=row.currency,
        host_countries=tuple(row.host_countries),
        destination_countries=None if row.destination_countries is None else tuple(row.destination_countries),
        latest_version=row.latest,
        actions=actions,
    )


def version_line(row: ProgrammeVersion) -> VersionLine:
    return VersionLine(
        version_id=row.id,
        programme_id=row.programme_id,
        number=row.number,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        provisional=row.provisional,
        made_by=row.made_by,
        made_at=row.made_at,
    )
