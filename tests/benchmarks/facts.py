"""Facts of the kind that the house tells most: about a case, with a person and a document in it."""

from datetime import date
from uuid import UUID, uuid4

from shared.clock import machine_now
from shared.contracts.registration import DocumentKind, DocumentRecorded
from shared.events import Envelope, event_id, source_of
from tests.world import STORY_TIME


def document() -> DocumentRecorded:
    return DocumentRecorded(
        individual=uuid4(),
        document=uuid4(),
        kind=DocumentKind.PASSPORT,
        issuing_country="IRQ",
        valid_from=date(2020, 1, 1),
        valid_until=date(2030, 1, 1),
        for_country=None,
        single_journey=False,
    )


def documents(count: int, keys: int) -> list[Envelope]:
    """So many facts about so many cases, one case after the other, again and again."""
    cases = [uuid4() for _ in range(keys)]
    return [_envelope(cases[number % keys], number // keys + 1, number + 1) for number in range(count)]


def _envelope(case: UUID, sequence: int, position: int) -> Envelope:
    fact, cause = document(), uuid4()
    return Envelope(
        id=event_id(cause, fact.type, f"{case}|{fact.document}"),
        source=source_of("registration"),
        type=fact.type,
        key=str(case),
        subject=str(fact.document),
        sequence=sequence,
        time=STORY_TIME,
        recorded=STORY_TIME,
        machine=machine_now(),
        cause=cause,
        correlation=cause,
        attempt=1,
        data=fact.data(),
        position=position,
    )
