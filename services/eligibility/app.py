"""Eligibility as an app: the one place where it is wired."""

from pathlib import Path

from fastapi import FastAPI

from services.eligibility.cases.routes import router as cases
from services.eligibility.changes.actions import CARRY_CHANGES, REVIEW_CHANGES
from services.eligibility.changes.routes import router as changes
from services.eligibility.decisions.routes import router as decisions
from services.eligibility.exceptions.routes import router as exceptions
from services.eligibility.expiries.actions import NOTICE_EXPIRIES
from services.eligibility.facts.models import CaseFact, LinkFact, MemberFact, PassageFact
from services.eligibility.handlers import HANDLERS
from services.eligibility.previews.routes import router as previews
from services.eligibility.programmes.routes import router as programmes
from services.eligibility.restrictions.routes import router as restrictions
from services.eligibility.settings import EligibilitySettings
from services.eligibility.tables import Base
from services.eligibility.words.routes import router as words
from shared.contracts.eligibility import EligibilityDecided, RestrictionLifted, RestrictionSet
from shared.settings import Settings
from shared.web import build_app
from shared.wiring import Wiring

WIRING = Wiring(
    name="eligibility",
    title="eligibility",
    summary="Who can be helped by which programme, with what, and why",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[programmes, restrictions, previews, changes, cases, exceptions, decisions, words],
    tells=[EligibilityDecided, RestrictionSet, RestrictionLifted],
    handlers=HANDLERS,
    facts=[Base.metadata.tables[model.__tablename__] for model in (CaseFact, MemberFact, LinkFact, PassageFact)],
    errands=[
        CARRY_CHANGES,
        REVIEW_CHANGES,
        NOTICE_EXPIRIES,
    ],
)


def create_app(settings: Settings | None = None, *, workers: bool = False, migrate: bool = False) -> FastAPI:
    """The service. `workers`: relay, consumer and runner in the same process; `migrate`: the schema first."""
    return build_app(WIRING, settings or EligibilitySettings(), workers=workers, migrate=migrate)
