"""Keeping rules on papers."""

from services.travel.papers.models import PaperRule
from services.travel.papers.schemas import PaperRuleBody
from shared.act import Act
from shared.database import Session


async def add_paper_rule(session: Session, act: Act, body: PaperRuleBody) -> PaperRule:
    rule = PaperRule(
        country=body.country,
        applies=str(body.applies),
        document=str(body.document),
        nationalities=None if body.nationalities is None else list(body.nationalities),
        airport=body.airport,
        longer_than_hours=body.longer_than_hours,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        source=body.source,
        provisional=body.provisional,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(rule)
    await session.flush()
    return rule
