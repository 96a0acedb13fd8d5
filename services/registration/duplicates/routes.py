"""Routes of duplicates."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases.rules import name_keys
from services.registration.duplicates import actions
from services.registration.duplicates.models import PeopleLink, PossibleDuplicate
from services.registration.duplicates.queries import alike, likenesses, links_of, list_rows
from services.registration.duplicates.rules import Likeness
from services.registration.duplicates.schemas import (
    Candidate,
    CandidateBody,
    CandidatesAnswer,
    DecisionBody,
    DuplicateReviewAnswer,
    DuplicateReviewBody,
    LikenessAnswer,
    LinkAnswer,
    Record,
)
from services.registration.searches.queries import cases_of
from shared.auth import Role, allow
from shared.call import Call, CallState, calls_outside
from shared.database import Session
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.text import compared
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["duplicates"])
MOST_SHOWN = 50
DECIDERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION)


# As a call outside: its answer, which is all names, is then not kept for a repeat, and that it was made is audited.
@router.post("/candidates", dependencies=[allow(*DECIDERS), calls_outside()])
async def find_candidates(body: CandidateBody, call: Call) -> CandidatesAnswer:
    """Before saving: who is registered with the same document, or with the same name and birth date."""
    numbers = [(compared(each.number).replace(" ", ""), each.issuing_country) for each in body.documents]
    names = [(body.birth_date, key) for key in name_keys(body.given_name, body.family_name)]
    async with call.runtime.database.reading() as session:
        likes = likenesses(await alike(session, numbers, names), numbers, names)
        records = await _records(session, list(likes)[:MOST_SHOWN])
    items = [
        Candidate(record=record, likeness=[Likeness(each) for each in likes[one]]) for one, record in records.items()
    ]
    return CandidatesAnswer(items=items)


@router.post("/duplicate-reviews", dependencies=[allow(Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)])
async def review_duplicates(body: DuplicateReviewBody, call: Call) -> DuplicateReviewAnswer:
    """Compares records that are new or changed with all others, page by page, so that nobody can skip it. In production
    the worker does it by itself."""
    seen, found = await actions.review_duplicates(call.session, call.act.now, body.limit)
    return DuplicateReviewAnswer(compared=seen, found=found, more=seen == body.limit)


@router.get("/possible-duplicates", dependencies=[allow(*DECIDERS)])
async def list_possible_duplicates(
    call: Call,
    status: Annotated[Literal["open", "linked", "different"], Query(description="Which of them")] = "open",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[LikenessAnswer]:
    """Records that look like one person, newest first."""
    rows = await list_rows(call.session, status=status, before=after(cursor), limit=limit)
    links = await links_of(call.session, [row.id for row in rows])
    records = await _records(call.session, list({one for row in rows for one in (row.one_id, row.other_id)}))
    return page(rows, limit, lambda row: _shown(call, row, links.get(row.id), records))


@router.post("/possible-duplicates/{likeness_id}/decision", dependencies=[allow(*DECIDERS)])
async def decide_likeness(likeness_id: UUID, body: DecisionBody, call: Call) -> LikenessAnswer:
    """A person decides: one person, and which record stands, or two. The other record is held, and counts no more."""
    row, link = await actions.decide_likeness(call.session, call.act, likeness_id, body, call.seen)
    call.shows(row)
    return _shown(call, row, link, {})


@router.post("/people-links/{link_id}/undoing", dependencies=[allow(*DECIDERS)])
async def undo_link(link_id: UUID, call: Call) -> LinkAnswer:
    """They are two people after all."""
    link = await actions.undo_link(call.session, call.act, link_id, call.seen)
    call.shows(link)
    return LinkAnswer.model_validate({**link.model_dump(), "status": "undone", "actions": []})


async def _records(session: Session, individuals: list[UUID]) -> dict[UUID, Record]:
    """By individual, in the newest of their cases."""
    found: dict[UUID, Record] = {}
    for individual, case in await cases_of(session, individuals):
        if individual.id not in found:
            found[individual.id] = Record(
                individual_id=individual.id,
                case_id=case.id,
                case_status=case.status,
                given_name=individual.given_name,
                family_name=individual.family_name,
                birth_date=individual.birth_date,
            )
    return found


def _shown(
    call: CallState, row: PossibleDuplicate, link: PeopleLink | None, records: dict[UUID, Record]
) -> LikenessAnswer:
    live = link if link is not None and link.undone_at is None else None
    actions_now = call.offers(_verbs(row, live), likeness_id=row.id, link_id=live.id if live else None)
    return LikenessAnswer.model_validate(
        {
            **row.model_dump(),
            "link_id": live.id if live else None,
            "stands": live.stands_id if live else None,
            "people": [records[one] for one in (row.one_id, row.other_id) if one in records],
            "actions": actions_now,
        }
    )


def _verbs(row: PossibleDuplicate, live: PeopleLink | None) -> Iterable[str]:
    if row.status == "open":
        return ["decide_likeness"]
    return ["undo_link"] if live is not None else []
