"""Routes of stock and distributions."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from services.registration.cards.queries import card_with, household_of
from services.registration.relief import actions
from services.registration.relief.models import Distribution, ReliefItem, StockMovement
from services.registration.relief.queries import (
    attempts_of,
    brought,
    counts_of,
    distribution_with,
    distributions_after,
    given_of,
    items_after,
    items_by_code,
    items_by_id,
    items_of,
    locked_distribution,
    movements_after,
    receipts_after,
    shares_of,
    stock_of,
)
from services.registration.relief.rules import CALLED_OFF, OffReason, StockMove, Unit, WayTold, entitlements
from services.registration.relief.schemas import (
    BroughtAnswer,
    CallOffBody,
    CardCode,
    CollectionAnswer,
    CollectionBody,
    CountedBody,
    DistributionAnswer,
    DistributionBody,
    DistributionLine,
    EntitlementAnswer,
    EntitlementLine,
    ItemAnswer,
    ItemBody,
    MoreBody,
    MovementAnswer,
    ReceiptAnswer,
    RefusedAttempt,
    SpoiltBody,
    StockAnswer,
    StockBody,
    ToldBody,
    TransferAnswer,
    TransferBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.occurrence import LateReason
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["relief"])
TEAM = (Role.RELIEF_OFFICER, Role.REGISTRATION_OFFICER)
READERS = (*TEAM, Role.PROTECTION, Role.PROGRAMME_OFFICER, Role.AUDITOR)
ONE = "/distributions/{distribution_id}"


@router.post("/relief-items", status_code=201, dependencies=[allow(*TEAM)])
async def add_item(body: ItemBody, call: Call) -> ItemAnswer:
    return _item(await actions.add_item(call.session, call.act, body))


@router.get("/relief-items", dependencies=[allow(*READERS)])
async def list_items(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[ItemAnswer]:
    return page(await items_after(call.session, after(cursor), limit), limit, _item)


@router.post("/sites/{site_id}/stock-movements", status_code=201, dependencies=[allow(*TEAM)])
async def move_stock(site_id: UUID, body: StockBody, call: Call) -> MovementAnswer:
    """Received, moved in or out, lost or damaged at the store."""
    made = await actions.move_stock(call.session, call.act, site_id, body)
    return _movement(made, body.item)


@router.post("/stock-transfers", status_code=201, dependencies=[allow(*TEAM)])
async def transfer_stock(body: TransferBody, call: Call) -> TransferAnswer:
    """From one site to another: what goes out here comes in there, or nothing is moved."""
    moved_out, moved_in = await actions.transfer_stock(call.session, call.act, body)
    items = await items_by_code(call.session, [each.item for each in body.items])
    codes = {item.id: code for code, item in items.items()}
    return TransferAnswer(
        from_site_id=body.from_site_id,
        to_site_id=body.to_site_id,
        moved_out=[_movement(row, codes[row.item_id]) for row in moved_out],
        moved_in=[_movement(row, codes[row.item_id]) for row in moved_in],
    )


@router.get("/sites/{site_id}/stock-movements", dependencies=[allow(*READERS)])
async def list_stock_movements(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[MovementAnswer]:
    """The ledger of a site's stock, oldest first."""
    rows = await movements_after(call.session, site_id, after(cursor), limit)
    items = await items_by_id(call.session, [row.item_id for row in rows])
    return page(
        rows,
        limit,
        lambda row: _movement(row, items[row.item_id].code),
    )


@router.get("/sites/{site_id}/stock", dependencies=[allow(*READERS)])
async def show_stock(site_id: UUID, call: Call) -> list[StockAnswer]:
    """What is at a site now."""
    rows = await stock_of(call.session, site_id)
    items = await items_by_id(call.session, [row.item_id for row in rows])
    shown = [(items[row.item_id], row.on_hand) for row in rows]
    return [
        StockAnswer(item=item.code, unit=Unit(item.unit), on_hand=on_hand)
        for item, on_hand in sorted(shown, key=lambda each: each[0].code)
    ]


@router.post("/distributions", status_code=201, dependencies=[allow(*TEAM)])
async def announce_distribution(body: DistributionBody, call: Call) -> DistributionAnswer:
    """When, where, what to bring, and what each household is given."""
    made = await actions.announce_distribution(call.session, call.act, body)
    call.made("/distributions", made.id)
    return await _shown(made, call)


@router.get("/sites/{site_id}/distributions", dependencies=[allow(*READERS)])
async def list_distributions(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[DistributionLine]:
    rows = await distributions_after(call.session, site_id, after(cursor), limit)
    return page(rows, limit, _line)


@router.get(ONE, dependencies=[allow(*READERS)])
async def show_distribution(distribution_id: UUID, call: Call) -> DistributionAnswer:
    """The reconciliation: of every item, what was brought out and what became of it."""
    return await _shown(await distribution_with(call.session, distribution_id), call)


@router.post(ONE + "/opening", dependencies=[allow(*TEAM)])
async def open_distribution(distribution_id: UUID, call: Call) -> DistributionAnswer:
    """Brings what is planned out of the stock."""
    distribution = await locked_distribution(call.session, distribution_id)
    call.seen(distribution)
    await actions.open_distribution(call.session, call.act, distribution)
    return await _shown(distribution, call)


@router.post(ONE + "/cancellation", dependencies=[allow(*TEAM)])
async def call_off_distribution(distribution_id: UUID, body: CallOffBody, call: Call) -> DistributionAnswer:
    """Calls off what was announced and has not begun. Nothing leaves the stock for it; the people are to be told."""
    distribution = await locked_distribution(call.session, distribution_id)
    call.seen(distribution)
    actions.call_off_distribution(call.act, distribution, body.reason)
    return await _shown(distribution, call)


@router.post(ONE + "/telling", dependencies=[allow(*TEAM)])
async def tell_called_off(distribution_id: UUID, body: ToldBody, call: Call) -> DistributionAnswer:
    """Records how the people at the site were told that it is called off."""
    distribution = await locked_distribution(call.session, distribution_id)
    actions.tell_called_off(call.act, distribution, body)
    return await _shown(distribution, call)


@router.get(ONE + "/entitlements/{code}", dependencies=[allow(*TEAM)])
async def show_entitlement(distribution_id: UUID, code: CardCode, call: Call) -> EntitlementAnswer:
    """What the household of a card is given, and its line. The same with a return case, without one, or withdrawn."""
    await distribution_with(call.session, distribution_id)
    household = household_of(await card_with(call.session, code))
    due = entitlements(shares_of(await items_of(call.session, distribution_id)), household)
    items = await items_by_id(call.session, due)
    quantities = {items[item].code: quantity for item, quantity in due.items()}
    return EntitlementAnswer(
        card=code, line="first" if household.goes_first else "ordinary", items=_lines(quantities, items)
    )


@router.post(ONE + "/collections", dependencies=[allow(*TEAM)])
async def give_relief(distribution_id: UUID, body: CollectionBody, call: Call) -> CollectionAnswer:
    """One receipt a household. Who comes again is answered with it, is given nothing, and is written down."""
    distribution = await locked_distribution(call.session, distribution_id)
    receipt, card, issued = await actions.give_relief(call.session, call.act, distribution, body)
    given = given_of(receipt)
    items = await items_by_code(call.session, given)
    return CollectionAnswer(
        issued=issued,
        receipt_id=receipt.id,
        card=card.code,
        given=_lines(given, {item.id: item for item in items.values()}),
        given_at=receipt.given_at,
        collected_by=receipt.collected_by,
    )


@router.get(ONE + "/receipts", dependencies=[allow(*READERS)])
async def list_receipts(
    distribution_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[ReceiptAnswer]:
    """Who was given what, by card, and each second attempt that was refused."""
    await distribution_with(call.session, distribution_id)
    rows = await receipts_after(call.session, distribution_id, after(cursor), limit)
    receipts = [receipt for receipt, _ in rows]
    cards = {receipt.id: code for receipt, code in rows}
    codes = {code for receipt in receipts for code in receipt.given}
    items = {item.id: item for item in (await items_by_code(call.session, codes)).values()}
    again = await attempts_of(call.session, distribution_id, cards)
    named = Role.RELIEF_OFFICER in call.act.roles
    return page(
        receipts,
        limit,
        lambda row: ReceiptAnswer(
            receipt_id=row.id,
            card=cards[row.id],
            given=_lines(given_of(row), items),
            collected_by=row.collected_by,
            proxy_name=row.proxy_name if named else None,
            given_at=row.given_at,
            given_by=row.given_by,
            refused=[RefusedAttempt(at=each.at, seen_by=each.seen_by) for each in again if each.receipt_id == row.id],
        ),
    )


@router.post(ONE + "/additions", dependencies=[allow(*TEAM)])
async def bring_more(distribution_id: UUID, body: MoreBody, call: Call) -> DistributionAnswer:
    """Brings more of an item out of the stock while it is given out: beyond what was planned, and told apart."""
    distribution = await locked_distribution(call.session, distribution_id)
    await actions.bring_more(call.session, call.act, distribution, body)
    return await _shown(distribution, call)


@router.post(ONE + "/spoilt", dependencies=[allow(*TEAM)])
async def record_spoilt(distribution_id: UUID, body: SpoiltBody, call: Call) -> DistributionAnswer:
    """Lost or damaged while it was given out."""
    distribution = await locked_distribution(call.session, distribution_id)
    await actions.record_spoilt(call.session, distribution, body)
    return await _shown(distribution, call)


@router.post(ONE + "/closure", dependencies=[allow(*TEAM)])
async def close_distribution(distribution_id: UUID, body: CountedBody, call: Call) -> DistributionAnswer:
    """Brings what is left back to the stock; refused as long as it does not add up."""
    distribution = await locked_distribution(call.session, distribution_id)
    call.seen(distribution)
    await actions.close_distribution(call.session, call.act, distribution, body.left)
    return await _shown(distribution, call)


def _movement(row: StockMovement, item: str) -> MovementAnswer:
    return MovementAnswer(
        movement_id=row.id,
        item=item,
        move=StockMove(row.move),
        quantity=row.quantity,
        distribution_id=row.distribution_id,
        paper=row.paper,
        occurred_at=row.occurred_at,
        recorded_by=row.recorded_by,
    )


def _line(row: Distribution) -> DistributionLine:
    shown = row.model_dump(include={"id", "site_id", "takes_place_at", "place"})
    return DistributionLine(**shown, status=row.stands, to_be_told=row.to_be_told)


def _item(row: ReliefItem) -> ItemAnswer:
    return ItemAnswer(item_id=row.id, code=row.code, name=row.name, unit=Unit(row.unit))


def _lines(quantities: Mapping[str, Decimal], items: Mapping[UUID, ReliefItem]) -> list[EntitlementLine]:
    units = {item.code: Unit(item.unit) for item in items.values()}
    return [
        EntitlementLine(item=code, unit=units[code], quantity=quantity) for code, quantity in sorted(quantities.items())
    ]


async def _shown(row: Distribution, call: CallState) -> DistributionAnswer:
    call.shows(row)
    rows = await items_of(call.session, row.id)
    items = await items_by_id(call.session, [each.item_id for each in rows])
    there = brought(rows)
    receipts, again = await counts_of(call.session, row.id)
    verbs = {
        "announced": ["open_distribution", "call_off_distribution"],
        "open": ["give_relief", "record_spoilt", "close_distribution"],
        CALLED_OFF: ["tell_called_off"] if row.to_be_told else [],
    }
    return DistributionAnswer(
        **row.model_dump(include={"site_id", "takes_place_at", "place", "to_bring", "evidence", "version"}),
        status=row.stands,
        late_reason=LateReason(row.late_reason) if row.late_reason else None,
        distribution_id=row.id,
        items=[
            BroughtAnswer(
                **each.model_dump(include={"planned", "taken", "issued", "lost", "damaged", "back"}),
                item=items[each.item_id].code,
                unit=Unit(items[each.item_id].unit),
                left=there[each.item_id].left,
            )
            for each in rows
        ],
        receipts=receipts,
        second_attempts=again,
        called_off_at=row.called_off_at,
        called_off_because=OffReason(row.called_off_because) if row.called_off_because else None,
        to_be_told=row.to_be_told,
        told_at=row.told_at,
        told_way=WayTold(row.told_way) if row.told_way else None,
        adds_up=row.status == "closed" and all(not each.left for each in there.values()),
        actions=call.offers(verbs.get(row.stands, []), distribution_id=row.id),
    )
