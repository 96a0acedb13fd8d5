"""Routes of the protection of children alone. What is missing is for protection; others see only that it is pending."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import lock_file, open_file, read_file
from services.registration.cases.rules import LEFT
from services.registration.children import actions
from services.registration.children.models import ProtectionItem
from services.registration.children.queries import children_alone, items_of, missing_items, standing_items
from services.registration.children.rules import Item
from services.registration.children.schemas import (
    ChildAnswer,
    ProtectionAnswer,
    ProtectionItemAnswer,
    ProtectionItemBody,
    TakenBackAnswer,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["children alone"])


@router.get("/cases/{case_id}/protection", dependencies=[allow(Role.PROTECTION)])
async def read_protection(case_id: UUID, call: Call) -> ProtectionAnswer:
    """What each child alone of the case still needs before the journey."""
    file = await read_file(call.session, case_id)
    there = await standing_items(call.session, case_id)
    children = [
        ChildAnswer(
            individual_id=one,
            alone=alone,
            age_disputed=file.one(one).individual.age_disputed,
            protection_pending=file.one(one).member.protection_pending,
            missing=missing_items(there.get(one, [])),
        )
        for one, alone in children_alone(file, call.act.today).items()
    ]
    call.shows(file.case)
    return ProtectionAnswer(case_id=case_id, children=children)


@router.post("/cases/{case_id}/protection-items", status_code=201, dependencies=[allow(Role.PROTECTION)])
async def record_protection_item(case_id: UUID, body: ProtectionItemBody, call: Call) -> ProtectionItemAnswer:
    """Records one item for a child alone. The last that was missing clears protection."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.record_protection_item(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, row)


@router.post("/cases/{case_id}/protection-items/{item_id}/taking-back", dependencies=[allow(Role.PROTECTION)])
async def take_back_protection_item(case_id: UUID, item_id: UUID, call: Call) -> TakenBackAnswer:
    """Takes an item back, without a reason: the journey stops. The child's own consent taken back is a withdrawal."""
    file = await lock_file(call.session, case_id)
    row = await actions.take_back_protection_item(call.session, call.act, file, item_id)
    child = file.members.get(row.individual_id)  # none where the child has left the case
    call.shows(file.case)
    return TakenBackAnswer(
        id=row.id,
        individual_id=row.individual_id,
        item=Item(row.item),
        taken_back_at=call.act.now,
        individual_status=LEFT if child is None else child.member.status,
        protection_pending=child is not None and child.member.protection_pending,
    )


@router.get("/cases/{case_id}/protection-items", dependencies=[allow(Role.PROTECTION)])
async def list_protection_items(
    case_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[ProtectionItemAnswer]:
    """What was recorded, newest first, also what was taken back."""
    await read_file(call.session, case_id)
    rows = await items_of(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(call, row))


def _shown(call: CallState, row: ProtectionItem) -> ProtectionItemAnswer:
    verbs = ["take_back_protection_item"] if row.taken_back_at is None else []
    return ProtectionItemAnswer.model_validate(
        {
            **row.model_dump(),
            "status": "stands" if row.taken_back_at is None else "taken_back",
            "actions": call.offers(verbs, case_id=row.case_id, item_id=row.id),
        }
    )
