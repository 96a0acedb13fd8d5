"""Who is given what, and whether it adds up. Pure, and blind to cases: a household's composition and needs are all that
counts (domain.md, section 6: distributions)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.cards.rules import Household, Need
from shared.problems import Problem

ZERO: Final = Decimal(0)


class Unit(StrEnum):
    KILOGRAM = "kilogram"
    LITRE = "litre"
    PIECE = "piece"


class StockMove(StrEnum):
    """What changes a site's stock. The last two are made by distributions alone."""

    RECEIVED = "received"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    LOST = "lost"
    DAMAGED = "damaged"
    HANDED_OUT = "handed_out"
    BROUGHT_BACK = "brought_back"


ADDS: Final = frozenset({StockMove.RECEIVED, StockMove.MOVED_IN, StockMove.BROUGHT_BACK})
BY_HAND: Final = frozenset(StockMove) - {StockMove.HANDED_OUT, StockMove.BROUGHT_BACK}


class OffReason(StrEnum):
    """Why what was announced does not take place."""

    UNSAFE = "unsafe"
    WEATHER = "weather"
    GOODS_NOT_THERE = "goods_not_there"
    NO_ACCESS = "no_access"
    NO_PLACE = "no_place"
    MISTAKE = "announced_by_mistake"


class WayTold(StrEnum):
    """How the people at the site were told: all of them, as it was announced to all."""

    IN_PERSON = "in_person"
    LOUDSPEAKER = "loudspeaker"
    NOTICE_BOARD = "notice_board"
    MESSAGE = "message"
    COMMITTEE = "committee"


CALLED_OFF: Final = "called_off"


class ItemCodeTaken(Problem):
    slug = "item-code-taken"
    status = 409
    title = "There is an item with that code"
    remedy = "Use that item, or choose another code."


class ItemUnknown(Problem):
    slug = "item-unknown"
    status = 422
    title = "No relief item has that code"
    remedy = "Add the item first, or take a code that is listed under /relief-items or at the distribution."


class NotInStock(Problem):
    slug = "not-in-stock"
    status = 409
    title = "There is less of it at the site"
    remedy = "`on_hand` says how much there is: give less, or record first what was received."


class DistributionUnknown(Problem):
    slug = "distribution-unknown"
    status = 422
    title = "No distribution has that id"
    remedy = "Take the id from the distributions of the site, or leave it out. Nothing was changed."


class DistributionNotOpen(Problem):
    slug = "distribution-not-open"
    status = 409
    title = "Nothing is given out or brought back at this distribution now"
    remedy = (
        "`state` says where it stands: open it when it begins; once it is closed or called off nothing is changed, and "
        "another is announced instead."
    )


class DistributionNotAnnounced(Problem):
    slug = "distribution-not-announced"
    status = 409
    title = "Only a distribution that is announced and has not begun is called off"
    remedy = (
        "`state` says where it stands: one that is open is closed with what is left; otherwise nothing is to be done."
    )


class NothingToTell(Problem):
    slug = "nothing-to-tell"
    status = 409
    title = "Of this distribution nobody is to be told that it is called off"
    remedy = "`state` says where it stands: call it off first. If they were told before, nothing needs to be done."


class LeftTooLittle(Problem):
    slug = "left-too-little"
    status = 409
    title = "Less is left than this household is entitled to"
    remedy = (
        "`left` says how much of the item: bring more of it from the stock first (`additions` of the distribution), so "
        "that nobody gets less than another."
    )


class DoesNotAddUp(Problem):
    slug = "distribution-does-not-add-up"
    status = 409
    title = "What was brought out is not what was given, lost, damaged and counted back"
    remedy = "`differences` says by item how much is not explained: count again, or record what was lost or damaged."


@dataclass(frozen=True, slots=True)
class Share:
    """What one item gives: so much a household, a person, a child (2 to 17) and an infant (under 2). `only_for`: to
    households with that need alone."""

    item: UUID
    per_household: Decimal = ZERO
    per_person: Decimal = ZERO
    per_child: Decimal = ZERO
    per_infant: Decimal = ZERO
    only_for: Need | None = None


def entitlement(share: Share, household: Household) -> Decimal:
    """How much of the item this household is given."""
    if share.only_for is not None and share.only_for not in household.needs:
        return ZERO
    return (
        share.per_household
        + share.per_person * household.people
        + share.per_child * household.children
        + share.per_infant * household.infants
    )


def entitlements(shares: Iterable[Share], household: Household) -> dict[UUID, Decimal]:
    """Of every item; what it is nothing of is left out."""
    found = {share.item: entitlement(share, household) for share in shares}
    return {item: quantity for item, quantity in found.items() if quantity}


@dataclass(frozen=True, slots=True)
class Brought:
    """One item at a distribution."""

    item: UUID
    taken: Decimal
    issued: Decimal
    lost: Decimal
    damaged: Decimal
    back: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What must still be there."""
        return self.taken - self.issued - self.lost - self.damaged - self.back


def check_enough(wanted: Mapping[UUID, Decimal], there: Mapping[UUID, Brought], codes: Mapping[UUID, str]) -> None:
    """Raises `LeftTooLittle`."""
    for item, quantity in wanted.items():
        if quantity > there[item].left:
            raise LeftTooLittle(item=codes[item], left=f"{there[item].left:f}", wanted=f"{quantity:f}")


def check_adds_up(there: Iterable[Brought], counted: Mapping[UUID, Decimal], codes: Mapping[UUID, str]) -> None:
    """Raises `DoesNotAddUp` unless what was counted back is what must still be there, item by item."""
    differences = {
        codes[each.item]: f"{counted.get(each.item, ZERO) - each.left:f}"
        for each in there
        if counted.get(each.item, ZERO) != each.left
    }
    if differences:
        raise DoesNotAddUp(differences=differences)


def moved(on_hand: Decimal, move: StockMove, quantity: Decimal) -> Decimal:
    """What is there afterwards. Raises `NotInStock`."""
    if move in ADDS:
        return on_hand + quantity
    if quantity > on_hand:
        raise NotInStock(on_hand=f"{on_hand:f}")
    return on_hand - quantity
