"""The one place where reintegration is wired."""

from pathlib import Path

from fastapi import FastAPI

from services.reintegration.amendments.routes import router as amendments
from services.reintegration.arrivals.routes import router as arrivals
from services.reintegration.assessments.routes import router as assessments
from services.reintegration.attempts.routes import router as attempts
from services.reintegration.budgets.routes import router as budgets
from services.reintegration.cases.routes import router as cases
from services.reintegration.closures.routes import router as closures
from services.reintegration.community.routes import router as community
from services.reintegration.contacts.routes import router as contacts
from services.reintegration.counselling.routes import router as counselling
from services.reintegration.deliveries.routes import router as deliveries
from services.reintegration.facts import models as facts
from services.reintegration.feasibility.routes import router as feasibility
from services.reintegration.followups.routes import router as followups
from services.reintegration.handlers import HANDLERS
from services.reintegration.payments.routes import router as payments
from services.reintegration.plans.routes import router as plans
from services.reintegration.postarrival.routes import router as postarrival
from services.reintegration.procurement.routes import router as procurement
from services.reintegration.reports.routes import router as reports
from services.reintegration.schemes.routes import router as schemes
from services.reintegration.settings import ReintegrationSettings
from services.reintegration.surveys.routes import router as surveys
from services.reintegration.tables import Base
from services.reintegration.visits.routes import router as visits
from shared.contracts import reintegration as told
from shared.settings import Settings
from shared.web import build_app
from shared.wiring import Wiring

WIRING = Wiring(
    name="reintegration",
    title="reintegration",
    summary="After the return: plans within the package, deliveries, payments, visits, surveys, closure.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[
        cases,
        contacts,
        counselling,
        plans,
        deliveries,
        payments,
        visits,
        schemes,
        surveys,
        closures,
        arrivals,
        attempts,
        budgets,
        procurement,
        reports,
        assessments,
        feasibility,
        postarrival,
        amendments,
        community,
        followups,
    ],
    tells=[
        told.PlanApproved,
        told.PlanChanged,
        told.DeliveryConfirmed,
        told.InstalmentPaid,
        told.PaymentReversed,
        told.VisitMade,
        told.CounsellingHeld,
        told.HelpGiven,
        told.SurveyScored,
        told.ContactLost,
        told.ContactRegained,
        told.AssistanceClosed,
        told.AssistanceReopened,
    ],
    handlers=HANDLERS,
    facts=[
        Base.metadata.tables[table.__tablename__]
        for table in (
            facts.FactCase,
            facts.FactMember,
            facts.FactWithdrawal,
            facts.FactLateStatement,
            facts.FactDecision,
            facts.FactSeat,
            facts.FactReturn,
            facts.FactLink,
            facts.FactAllowance,
        )
    ],
)


def create_app(settings: Settings | None = None, *, workers: bool = False, migrate: bool = False) -> FastAPI:
    """The service. `workers` and `migrate` as in `build_app`."""
    return build_app(WIRING, settings or ReintegrationSettings(), workers=workers, migrate=migrate)
