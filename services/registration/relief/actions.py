"""Verbs of relief."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.registration.cards.queries import ReliefCard, household_of, locked_card
from services.registration.relief.models import (
    DistributedItem,
    Distribution,
    ReliefItem,
    ReliefReceipt,
    SecondAttempt,
    StockLevel,
    StockMovement,
)
from services.registration.relief.queries import (
    brought,
    insert_if_new,
    items_by_code,
    items_by_id,
    items_of,
    levels_locked,
    receipt_of,
    shares_of,
)
from services.registration.relief.rules import (
    ZERO,
    DistributionNotAnnounced,
    DistributionNotOpen,
    ItemCodeTaken,
    ItemUnknown,
    NothingToTell,
    OffReason,
    StockMove,
    check_adds_up,
    check_enough,
    entitlements,
    moved,
)
from services.registration.relief.schemas import (
    CollectionBody,
    DistributionBody,
    ItemBody,
    MoreBody,
    SpoiltBody,
    StockBody,
    ToldBody,
    TransferBody,
)
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id
from shared.occurrence import Occurrence, when


async def add_item(session: Session, act: Act, body: ItemBody) -> ReliefItem:
    """Raises `ItemCodeTaken`."""
    item = ReliefItem(id=new_id(), **dict(body), made_at=act.now, made_by=act.by)
    if not await insert_if_new(session, item):
        raise ItemCodeTaken()
    return item


async def move_stock(session: Session, act: Act, site_id: UUID, body: StockBody) -> StockMovement:
    """Raises `SiteUnknown`, `ItemUnknown`, `NotInStock`, and what `when` raises."""
    await check_site(session, site_id)
    item = (await items_by_code(session, [body.item]))[body.item]
    moment = when(act, body)
    found = await _move(session, act, site_id, StockMove(body.move), {item.id: body.quantity}, moment, body.paper)
    return found[0]


async def transfer_stock(
    session: Session, act: Act, body: TransferBody
) -> tuple[list[StockMovement], list[StockMovement]]:
    """Out of one site and in to the other, in one act; both are locked in the order of their ids, so that two who
    transfer to each other never wait for each other.

    Raises `SiteUnknown`, `ItemUnknown`, `NotInStock`, and what `when` raises.
    """
    moves = {body.from_site_id: StockMove.MOVED_OUT, body.to_site_id: StockMove.MOVED_IN}
    for site_id in moves:
        await check_site(session, site_id)
    items = await items_by_code(session, [each.item for each in body.items])
    quantities = {items[each.item].id: each.quantity for each in body.items}
    moment = when(act, body)
    made = {
        site_id: await _move(session, act, site_id, moves[site_id], quantities, moment, body.paper)
        for site_id in sorted(moves)
    }
    return made[body.from_site_id], made[body.to_site_id]


async def announce_distribution(session: Session, act: Act, body: DistributionBody) -> Distribution:
    """Raises `SiteUnknown`, `ItemUnknown`, and for one that has taken place as `when`."""
    if body.takes_place_at < act.now:
        late = Occurrence(occurred_at=body.takes_place_at, late_reason=body.late_reason, evidence=body.evidence)
        when(act, late)
    await check_site(session, body.site_id)
    items = await items_by_code(session, [each.item for each in body.items])
    made = Distribution(
        id=new_id(),
        site_id=body.site_id,
        takes_place_at=body.takes_place_at,
        place=body.place,
        to_bring=body.to_bring,
        late_reason=body.late_reason,
        evidence=body.evidence,
        status="announced",
        announced_at=act.now,
        announced_by=act.by,
    )
    session.add(made)
    await session.flush()
    for each in body.items:
        share = each.model_dump(exclude={"item"})
        session.add(DistributedItem(id=new_id(), distribution_id=made.id, item_id=items[each.item].id, **share))
    await session.flush()
    return made


async def open_distribution(session: Session, act: Act, distribution: Distribution) -> None:
    """Brings what is planned out of the stock of the site. Raises `DistributionNotOpen`, `NotInStock`."""
    _must_be(distribution, "announced")
    rows = await items_of(session, distribution.id)
    wanted = {row.item_id: row.planned for row in rows}
    await _move(session, act, distribution.site_id, StockMove.HANDED_OUT, wanted, act.now, None, distribution.id)
    for row in rows:
        row.taken = row.planned
    distribution.status = "open"
    touch(distribution)


async def give_relief(
    session: Session, act: Act, distribution: Distribution, body: CollectionBody
) -> tuple[ReliefReceipt, ReliefCard, bool]:
    """Gives a household what it is entitled to, once: the receipt, and whether it was given now. A second attempt is
    written down, and gives nothing. Raises `DistributionNotOpen`, `CardUnknown`, `CardReplaced`,
    `LeftTooLittle`."""
    _must_be(distribution, "open")
    card = await locked_card(session, body.card)
    there = await receipt_of(session, distribution.id, card.id, card.covered_by)
    if there is not None:
        again = SecondAttempt(
            id=new_id(), distribution_id=distribution.id, receipt_id=there.id, at=act.now, seen_by=act.by
        )
        session.add(again)
        touch(distribution)
        return there, card, False
    rows = await items_of(session, distribution.id)
    due = entitlements(shares_of(rows), household_of(card))
    codes = await _codes(session, due)
    check_enough(due, brought(rows), codes)
    for row in rows:
        row.issued += due.get(row.item_id, ZERO)
    receipt = ReliefReceipt(
        id=new_id(),
        distribution_id=distribution.id,
        card_id=card.id,
        given={codes[item]: f"{quantity.normalize():f}" for item, quantity in due.items()},
        collected_by="proxy" if body.proxy_reason else "household",
        proxy_reason=body.proxy_reason,
        proxy_name=body.proxy_name,
        given_at=act.now,
        given_by=act.by,
    )
    session.add(receipt)
    touch(distribution)
    return receipt, card, True


async def bring_more(session: Session, act: Act, distribution: Distribution, body: MoreBody) -> None:
    """More of an item comes out of the stock of the site. Raises `DistributionNotOpen`, `ItemUnknown`, `NotInStock`."""
    _must_be(distribution, "open")
    row = await _item_at(session, distribution, body.item)
    more = {row.item_id: body.quantity}
    await _move(session, act, distribution.site_id, StockMove.HANDED_OUT, more, act.now, None, distribution.id)
    row.taken += body.quantity
    touch(distribution)


async def record_spoilt(session: Session, distribution: Distribution, body: SpoiltBody) -> None:
    """Something was lost or damaged at it. Raises `DistributionNotOpen`, `ItemUnknown`, `LeftTooLittle`."""
    _must_be(distribution, "open")
    row = await _item_at(session, distribution, body.item)
    check_enough({row.item_id: body.quantity}, brought([row]), {row.item_id: body.item})
    if body.kind == "lost":
        row.lost += body.quantity
    else:
        row.damaged += body.quantity
    touch(distribution)


async def close_distribution(
    session: Session, act: Act, distribution: Distribution, left: Mapping[str, Decimal]
) -> None:
    """Brings back what was counted, if everything adds up. Raises `DistributionNotOpen`, `ItemUnknown`,
    `DoesNotAddUp`."""
    _must_be(distribution, "open")
    items = await items_by_code(session, left)
    rows = await items_of(session, distribution.id)
    here = {row.item_id for row in rows}
    if strange := sorted(code for code, item in items.items() if item.id not in here):
        raise ItemUnknown(items=strange)
    counted = {items[code].id: quantity for code, quantity in left.items()}
    check_adds_up(brought(rows).values(), counted, await _codes(session, [row.item_id for row in rows]))
    back = {item: quantity for item, quantity in counted.items() if quantity}
    await _move(session, act, distribution.site_id, StockMove.BROUGHT_BACK, back, act.now, None, distribution.id)
    for row in rows:
        row.back = counted.get(row.item_id, ZERO)
    distribution.status = "closed"
    distribution.closed_at, distribution.closed_by = act.now, act.by
    touch(distribution)


def call_off_distribution(act: Act, distribution: Distribution, reason: OffReason) -> None:
    """It does not take place: what was planned for it stays in the stock, and who was told of it is to be told.

    Raises `DistributionNotAnnounced`.
    """
    if distribution.stands != "announced":
        raise DistributionNotAnnounced(state=distribution.stands)
    distribution.called_off_at, distribution.called_off_by = act.now, act.by
    distribution.called_off_because = reason
    touch(distribution)


def tell_called_off(act: Act, distribution: Distribution, body: ToldBody) -> None:
    """The people at the site were told. Raises `NothingToTell`, and what `when` raises."""
    if not distribution.to_be_told:
        raise NothingToTell(state=distribution.stands)
    distribution.told_at, distribution.told_by = when(act, body), act.by
    distribution.told_way = body.way
    touch(distribution)


async def _item_at(session: Session, distribution: Distribution, code: str) -> DistributedItem:
    """Raises `ItemUnknown`, also for an item that is not given out at it."""
    item = (await items_by_code(session, [code]))[code]
    for row in await items_of(session, distribution.id):
        if row.item_id == item.id:
            return row
    raise ItemUnknown(items=[code])


async def _codes(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    found = await items_by_id(session, ids)
    return {item.id: item.code for item in found.values()}


async def _move(
    session: Session,
    act: Act,
    site_id: UUID,
    move: StockMove,
    quantities: Mapping[UUID, Decimal],
    at: datetime,
    paper: str | None,
    distribution_id: UUID | None = None,
) -> list[StockMovement]:
    """Moves stock of a site: each level is locked, and never falls below nothing. Raises `NotInStock`."""
    levels = await levels_locked(session, site_id, quantities)
    new = sorted(set(quantities) - set(levels))
    for item_id in new:
        await insert_if_new(session, StockLevel(id=new_id(), site_id=site_id, item_id=item_id))
    if new:
        levels = await levels_locked(session, site_id, quantities)
    made = []
    for item_id, quantity in quantities.items():
        level = levels[item_id]
        level.on_hand = moved(level.on_hand, move, quantity)
        touch(level)
        movement = StockMovement(
            id=new_id(),
            site_id=site_id,
            item_id=item_id,
            move=move,
            quantity=quantity,
            distribution_id=distribution_id,
            paper=paper,
            occurred_at=at,
            recorded_at=act.now,
            recorded_by=act.by,
        )
        session.add(movement)
        made.append(movement)
    await session.flush()
    return made


def _must_be(distribution: Distribution, status: str) -> None:
    if distribution.stands != status:
        raise DistributionNotOpen(state=distribution.stands)
