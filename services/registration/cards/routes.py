"""Routes of relief cards."""

from fastapi import APIRouter

from services.registration.cards import actions
from services.registration.cards.models import ReliefCard
from services.registration.cards.queries import card_with, changes_after, codes_of, locked_card
from services.registration.cards.rules import Need
from services.registration.cards.schemas import (
    CardAnswer,
    CardBody,
    CardChangeAnswer,
    CardCode,
    CardPeopleBody,
    PeopleAnswer,
    ReplacementBody,
    SplitAnswer,
    SplitBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["relief"])
TEAM = (Role.RELIEF_OFFICER, Role.REGISTRATION_OFFICER)
ONE = "/relief-cards/{code}"
VERBS = ("change_card_people", "split_card", "replace_card")


@router.post("/relief-cards", status_code=201, dependencies=[allow(*TEAM)])
async def issue_card(body: CardBody, call: Call) -> CardAnswer:
    """A card for a household, with a return case or without."""
    return _shown(await actions.issue_card(call.session, call.act, body), call)


@router.get(ONE, dependencies=[allow(*TEAM, Role.PROTECTION)])
async def show_card(code: CardCode, call: Call) -> CardAnswer:
    return _shown(await card_with(call.session, code), call)


@router.get(ONE + "/changes", dependencies=[allow(*TEAM, Role.PROTECTION)])
async def list_card_changes(
    code: CardCode, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[CardChangeAnswer]:
    """What the card was, and why it was changed, oldest first."""
    rows = await changes_after(call.session, (await card_with(call.session, code)).id, after(cursor), limit)
    codes = await codes_of(call.session, [row.new_card_id for row in rows if row.new_card_id])
    return page(
        rows,
        limit,
        lambda row: CardChangeAnswer(
            **row.model_dump(include={"kind", "reason", "old_code", "changed_at", "changed_by"}),
            before=PeopleAnswer(**row.before),
            new_card=codes[row.new_card_id] if row.new_card_id else None,
        ),
    )


@router.post(ONE + "/people", dependencies=[allow(*TEAM)])
async def change_card_people(code: CardCode, body: CardPeopleBody, call: Call) -> CardAnswer:
    """Born, joined, left or died: who is on the card from now on. What it was is kept."""
    card = await locked_card(call.session, code)
    call.seen(card)
    await actions.change_card_people(call.session, call.act, card, body)
    return _shown(card, call)


@router.post(ONE + "/split", status_code=201, dependencies=[allow(*TEAM)])
async def split_card(code: CardCode, body: SplitBody, call: Call) -> SplitAnswer:
    """Some of the household live by themselves from now on, with a card of their own. Relief that goes on and was given
    to the household is not given to them again."""
    card = await locked_card(call.session, code)
    call.seen(card)
    new = await actions.split_card(call.session, call.act, card, body)
    return SplitAnswer(new_card=_shown(new, call), card=_shown(card, call))


@router.post(ONE + "/replacement", dependencies=[allow(*TEAM)])
async def replace_card(code: CardCode, body: ReplacementBody, call: Call) -> CardAnswer:
    """A card with a new number for one that is lost, stolen or damaged. The old number is refused from then on."""
    card = await locked_card(call.session, code)
    call.seen(card)
    await actions.replace_card(call.session, call.act, card, body)
    return _shown(card, call)


def _shown(row: ReliefCard, call: CallState) -> CardAnswer:
    call.shows(row)
    return CardAnswer(
        **row.model_dump(include={"code", "site_id", "adults", "children", "infants", "issued_at"}),
        needs=[Need(each) for each in row.needs],
        actions=call.offers(VERBS, code=row.code),
    )
