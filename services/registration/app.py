"""The one place where registration is wired."""

from pathlib import Path

from fastapi import FastAPI

from services.registration.ages.actions import REVIEW_DAILY
from services.registration.ages.routes import router as ages
from services.registration.appointments.routes import router as appointments
from services.registration.capacity.routes import router as capacity
from services.registration.cards.routes import router as cards
from services.registration.cases.routes import router as cases
from services.registration.children.routes import router as children
from services.registration.clearances.routes import router as clearances
from services.registration.closures.routes import router as closures
from services.registration.conditions.routes import router as conditions
from services.registration.consents.routes import router as consents
from services.registration.corrections.routes import router as corrections
from services.registration.counselling.routes import router as counselling
from services.registration.declarations.routes import router as declarations
from services.registration.disputes.routes import router as disputes
from services.registration.documents.routes import router as documents
from services.registration.duplicates.routes import router as duplicates
from services.registration.enquiries.routes import router as enquiries
from services.registration.feedback.routes import router as feedback
from services.registration.fitness.routes import router as fitness
from services.registration.guardians.routes import router as guardians
from services.registration.handlers import HANDLERS
from services.registration.headcounts.routes import router as headcounts
from services.registration.holds.routes import router as holds
from services.registration.incidents.routes import router as incidents
from services.registration.journey.routes import router as journey
from services.registration.lookups.routes import router as lookups
from services.registration.memberships.routes import router as memberships
from services.registration.notices.routes import router as notices
from services.registration.outreach.routes import router as outreach
from services.registration.reckoning.actions import RECKON
from services.registration.referrals.routes import router as referrals
from services.registration.relief.routes import router as relief
from services.registration.reports.actions import MAKE_EDITION
from services.registration.reports.routes import router as reports
from services.registration.resolutions.routes import router as resolutions
from services.registration.returns.routes import router as returns
from services.registration.screenings.routes import router as screenings
from services.registration.searches.routes import router as searches
from services.registration.settings import RegistrationSettings
from services.registration.site_register.routes import router as site_register
from services.registration.sites.routes import router as sites
from services.registration.sweeps.actions import COMPARE, END_HOLDS
from services.registration.tables import Base
from services.registration.vulnerabilities.routes import router as vulnerabilities
from services.registration.withdrawals.routes import router as withdrawals
from shared.contracts import registration as tells
from shared.settings import Settings
from shared.web import build_app
from shared.wiring import Wiring

FACTS = ("journey_line", "passage_fact", "seat_fact", "flight_fact", "assistance_fact")

WIRING = Wiring(
    name="registration",
    title="registration",
    summary="Who someone is, what they decided, and whether they may leave. The only owner of personal data.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[
        sites,
        headcounts,
        conditions,
        site_register,
        ages,
        cases,
        corrections,
        memberships,
        counselling,
        screenings,
        holds,
        documents,
        fitness,
        declarations,
        withdrawals,
        consents,
        closures,
        clearances,
        lookups,
        searches,
        journey,
        incidents,
        resolutions,
        appointments,
        capacity,
        children,
        guardians,
        disputes,
        notices,
        referrals,
        vulnerabilities,
        reports,
        returns,
        duplicates,
        outreach,
        enquiries,
        cards,
        relief,
        feedback,
    ],
    tells=[
        tells.CaseRegistered,
        tells.CaseCorrected,
        tells.MemberJoined,
        tells.MemberLeft,
        tells.DeclarationSigned,
        tells.DeclarationLapsed,
        tells.CaseWithdrawn,
        tells.MemberWithdrawn,
        tells.WithdrawalStatedLate,
        tells.CaseHeld,
        tells.CaseReleased,
        tells.ProtectionPending,
        tells.ProtectionCleared,
        tells.DocumentRecorded,
        tells.FitnessAssessed,
        tells.DepartureCleared,
        tells.DepartureRefused,
        tells.ClearanceReleased,
        tells.CaseClosed,
        tells.CaseReopened,
        tells.PriorityAssigned,
        tells.ReturnRecorded,
        tells.ReturnReversed,
        tells.PeopleLinked,
        tells.PeopleUnlinked,
    ],
    handlers=HANDLERS,
    facts=[Base.metadata.tables[name] for name in FACTS],
    errands=[REVIEW_DAILY, COMPARE, END_HOLDS, RECKON, MAKE_EDITION],
)


def create_app(settings: Settings | None = None, *, workers: bool = False, migrate: bool = False) -> FastAPI:
    """Registration as an ASGI app."""
    return build_app(WIRING, settings or RegistrationSettings(), workers=workers, migrate=migrate)
