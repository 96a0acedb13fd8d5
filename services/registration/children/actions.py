"""Verbs of items of protection."""

from uuid import UUID

from services.registration.cases.actions import derive_protection
from services.registration.cases.queries import CaseFile
from services.registration.children.models import ProtectionItem
from services.registration.children.queries import children_alone, standing_items
from services.registration.children.rules import (
    Item,
    ItemTakenBackAlready,
    NotAChildAlone,
    check_item,
    check_order,
)
from services.registration.children.schemas import ProtectionItemBody
from services.registration.withdrawals.actions import Said, take_withdrawal
from services.registration.withdrawals.queries import WithdrawalChannel
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when
from shared.problems import NotFound


async def record_protection_item(
    session: Session, act: Act, file: CaseFile, body: ProtectionItemBody
) -> ProtectionItem:
    """Of one child alone. With the last item that was missing, protection is cleared.

    Raises `NotAMember`, `NotAChildAlone`, `ItemUnclear`, `ItemStands`, `DeterminationTooEarly`, and what `when` raises.
    """
    child = file.one(body.individual_id)
    if child.id not in children_alone(file, act.today):
        raise NotAChildAlone()
    check_item(body.item, body.finding, receiver=body.receiver is not None, place=body.place is not None)
    there = (await standing_items(session, file.id)).get(child.id, [])
    check_order(body.item, [Item(item) for item, _ in there])
    row = ProtectionItem(
        id=new_id(),
        case_id=file.id,
        individual_id=child.id,
        item=body.item,
        finding=body.finding,
        receiver=body.receiver,
        place=body.place,
        note=body.note,
        happened_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(row)
    await session.flush()
    await derive_protection(session, act, file)
    file.settle()
    return row


async def take_back_protection_item(session: Session, act: Act, file: CaseFile, item_id: UUID) -> ProtectionItem:
    """Taken whatever the case's status: the journey stops. The child's own word taken back is a withdrawal besides.

    Raises `NotFound`, `ItemTakenBackAlready`.
    """
    row = await session.get(ProtectionItem, item_id)
    if row is None or row.case_id != file.id:
        raise NotFound("protection item of this case")
    if row.taken_back_at is not None:
        raise ItemTakenBackAlready()
    row.taken_back_at = act.now
    row.taken_back_by = act.by
    row.version += 1
    await session.flush()
    await derive_protection(session, act, file)
    if row.item == Item.CHILD_CONSENT and row.individual_id in file.members:
        said = Said(act.now, WithdrawalChannel.IN_PERSON, act.cause)
        await take_withdrawal(session, act, file, [row.individual_id], said)
    file.settle()
    return row
