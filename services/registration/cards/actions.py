"""Verbs of relief cards."""

from uuid import UUID

from services.registration.cards.models import CardChange, ReliefCard
from services.registration.cards.queries import card_of_household, household_of
from services.registration.cards.rules import ChangeKind, Household, HouseholdHasCard, staying
from services.registration.cards.schemas import CardBody, CardPeopleBody, PeopleBody, ReplacementBody, SplitBody
from services.registration.households.queries import check_household_id
from services.registration.relief.queries import insert_if_new, standing_receipts
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that is taken for another where a card is read aloud."""


async def issue_card(session: Session, act: Act, body: CardBody) -> ReliefCard:
    """Raises `SiteUnknown`, `HouseholdUnknown`, `HouseholdHasCard`."""
    await check_site(session, body.site_id)
    return await _issue(session, act, body.site_id, body.household_id, body, [])


async def change_card_people(session: Session, act: Act, card: ReliefCard, body: CardPeopleBody) -> None:
    """A household grew, shrank or was miscounted; the number stays. What was given stays given."""
    _keep(session, act, card, ChangeKind.PEOPLE, body.reason)
    _set_people(card, _household(body))


async def split_card(session: Session, act: Act, card: ReliefCard, body: SplitBody) -> ReliefCard:
    """Some live by themselves from now on: the card of those who left. What the household was given at a distribution
    that goes on was given to them, too.

    Raises `SplitUnclear`, `HouseholdUnknown`, `HouseholdHasCard`.
    """
    left = staying(household_of(card), _household(body.leaving), body.needs)
    stands = await standing_receipts(session, card.id, card.covered_by)
    new = await _issue(session, act, card.site_id, body.household_id, body.leaving, list(stands))
    _keep(session, act, card, ChangeKind.SPLIT, "split", new_card_id=new.id)
    _set_people(card, left)
    return new


async def replace_card(session: Session, act: Act, card: ReliefCard, body: ReplacementBody) -> None:
    """A new number for the same household. The old one is refused from then on, wherever it turns up; receipts stay
    with the household."""
    _keep(session, act, card, ChangeKind.REPLACED, body.reason, old_code=card.code)
    card.code = card_code(new_id())
    touch(card)


def card_code(card_id: UUID) -> str:
    """Eight letters from the random end of the id; nothing of the household is in it."""
    number = card_id.int & ((1 << 40) - 1)
    letters = "".join(LETTERS[(number >> (5 * place)) & 31] for place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


async def _issue(
    session: Session, act: Act, site_id: UUID, household_id: UUID | None, people: PeopleBody, stands: list[UUID]
) -> ReliefCard:
    await check_household_id(session, household_id)
    card_id = new_id()
    card = ReliefCard(
        id=card_id,
        code=card_code(card_id),
        site_id=site_id,
        household_id=household_id,
        adults=people.adults,
        children=people.children,
        infants=people.infants,
        needs=[str(each) for each in people.needs],
        covered_by=stands,
        issued_at=act.now,
        issued_by=act.by,
    )
    if not await insert_if_new(session, card):
        there = await card_of_household(session, household_id) if household_id else None
        assert there is not None  # nothing else of a card was there before
        raise HouseholdHasCard(card=there.code)
    return card


def _keep(
    session: Session,
    act: Act,
    card: ReliefCard,
    kind: ChangeKind,
    reason: str,
    *,
    old_code: str | None = None,
    new_card_id: UUID | None = None,
) -> None:
    session.add(
        CardChange(
            id=new_id(),
            card_id=card.id,
            kind=kind,
            reason=reason,
            before=card.model_dump(include={"adults", "children", "infants", "needs"}),
            old_code=old_code,
            new_card_id=new_card_id,
            changed_at=act.now,
            changed_by=act.by,
        )
    )


def _household(body: PeopleBody) -> Household:
    return Household(body.adults, body.children, body.infants, frozenset(body.needs))


def _set_people(card: ReliefCard, people: Household) -> None:
    card.adults, card.children, card.infants = people.adults, people.children, people.infants
    card.needs = sorted(str(each) for each in people.needs)
    touch(card)
