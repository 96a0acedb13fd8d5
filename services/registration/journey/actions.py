"""Reading the journey of a case: our own facts from the outbox, those of the others from what was folded."""

from uuid import UUID

from sqlalchemy import select

from services.registration.facts.queries import lines_of
from services.registration.journey.rules import depths, summary_of
from services.registration.journey.schemas import JourneyLineAnswer
from shared.database import Session, core, outbox
from shared.events import Envelope, service_of


async def read_journey(session: Session, case_id: UUID) -> list[JourneyLineAnswer]:
    """In the order in which things happened; what happened at once, in the order it was recorded, and an effect after
    its cause."""
    lines = [*await _own(session, case_id), *await _foreign(session, case_id)]
    depth = depths({line.event_id: line.cause for line in lines})
    return sorted(lines, key=lambda x: (x.at, x.recorded, depth[x.event_id], x.service, x.sequence))


async def _own(session: Session, case_id: UUID) -> list[JourneyLineAnswer]:
    columns = (outbox.c.body, outbox.c.position, outbox.c.sent_at)
    rows = (await core(session, select(*columns).where(outbox.c.key == str(case_id)))).all()
    found = []
    for row in rows:
        envelope = Envelope.parse(bytes(row.body))
        individual = envelope.data.get("individual")
        found.append(
            JourneyLineAnswer(
                at=envelope.time,
                recorded=envelope.recorded,
                service=service_of(envelope.type),
                type=envelope.type,
                summary=summary_of(envelope.type),
                event_id=envelope.id,
                cause=envelope.cause,
                individual_id=UUID(individual) if individual else None,
                attempt=envelope.attempt,
                sequence=envelope.sequence,
                position=row.position,
                told=row.sent_at is not None,
            )
        )
    return found


async def _foreign(session: Session, case_id: UUID) -> list[JourneyLineAnswer]:
    return [
        JourneyLineAnswer(
            at=line.occurred_at,
            recorded=line.recorded_at,
            service=line.service,
            type=line.type,
            summary=summary_of(line.type),
            event_id=line.event_id,
            cause=line.cause_id,
            individual_id=line.individual_id,
            attempt=line.attempt,
            sequence=line.sequence,
            position=line.position,
            told=True,
        )
        for line in await lines_of(session, case_id)
    ]
