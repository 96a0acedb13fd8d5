"""Verbs of enquiries."""

from datetime import UTC

from services.registration.enquiries.models import Enquiry
from services.registration.enquiries.rules import AnsweredAlready, check_distress
from services.registration.enquiries.schemas import EnquiryBody
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id
from shared.occurrence import when


async def record_enquiry(session: Session, act: Act, body: EnquiryBody) -> Enquiry:
    """Raises `DistressWithoutPlace`, `SiteUnknown`, and what `when` raises."""
    check_distress(body.urgency, body.place, body.referred_to)
    await check_site(session, body.site_id)
    moment = when(act, body)
    enquiry = Enquiry(
        id=new_id(),
        **body.model_dump(exclude={"occurred_at", "late_reason", "evidence"}),
        asked_on=moment.astimezone(UTC).date(),
        occurred_at=moment,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(enquiry)
    return enquiry


async def call_back(act: Act, enquiry: Enquiry) -> None:
    """Of a locked enquiry. Raises `AnsweredAlready`."""
    if not enquiry.call_back_wanted or enquiry.called_back_at is not None:
        raise AnsweredAlready()
    enquiry.called_back_at, enquiry.called_back_by = act.now, act.by
    touch(enquiry)
