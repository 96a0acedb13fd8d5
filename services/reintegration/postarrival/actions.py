"""Help right after the arrival."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, arrival_of, check_members, moment_there, open_picture
from services.reintegration.facts.queries import destination_of
from services.reintegration.postarrival.models import PostArrivalHelp
from services.reintegration.postarrival.rules import check_in_window
from services.reintegration.postarrival.schemas import HelpBody
from shared.act import Act
from shared.contracts.reintegration import HelpGiven
from shared.database import Session, new_id
from shared.outbox import stage


async def give_help(session: Session, act: Act, case: AssistedCase, body: HelpBody) -> PostArrivalHelp:
    """To one individual of a locked case who has arrived, within the window from their own arrival.

    Raises `NotPossibleNow`, `CaseClosedElsewhere`, `NotOfThisCase`, `NotArrivedYet`, `BeforeTheArrival`,
    `PostArrivalWindowOver`, and what `on_day` raises.
    """
    move_case(case, "give_help")
    picture = await open_picture(session, case.id)
    check_members(picture, [body.individual_id])
    moment = moment_there(act, picture, body.given_on, body, individual=body.individual_id)
    arrived = arrival_of(picture, body.individual_id).date()
    check_in_window(body.given_on, arrived, await destination_of(session, case.id))
    row = PostArrivalHelp(
        id=new_id(),
        case_id=case.id,
        individual_id=body.individual_id,
        help=body.help,
        provider=body.provider,
        given_on=body.given_on,
        given_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(row)
    fact = HelpGiven(help=row.id, given_on=body.given_on)
    row.event_id = await stage(session, act, fact, key=case.id, subject=row.id, occurred=moment)
    return row
