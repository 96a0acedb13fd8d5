"""Verbs of who joins a case and who leaves it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.registration.cases.actions import (
    add_member,
    case_facts,
    check_composition,
    derive_protection,
    look_for_alike,
    member_fact,
)
from services.registration.cases.queries import CaseFile, Standing
from services.registration.cases.rules import ResponsibilityNotShown, is_parent
from services.registration.children.queries import children_alone
from services.registration.declarations.actions import lapse_declaration, lapse_if_unsigned
from services.registration.declarations.queries import live_declarations
from services.registration.departures.queries import departures_of
from services.registration.documents.actions import tell_document
from services.registration.documents.queries import Document, documents_of
from services.registration.duplicates.queries import linked_in
from services.registration.guardians.queries import link_of, links_in, shown_in, wards_lost_since
from services.registration.guardians.rules import Shown, check_shown
from services.registration.holds.actions import hold_who_joined
from services.registration.memberships.models import MembershipChange
from services.registration.memberships.queries import last_leaving, next_place, once_a_member, once_members
from services.registration.memberships.rules import (
    Change,
    InTheCase,
    LeftAlready,
    OtherRecordGoesOn,
    check_born,
    check_left_since,
    check_may_leave,
    check_on_the_ground,
)
from services.registration.memberships.schemas import JoiningBody, LeavingBody, RejoiningBody, RestatedRelation
from services.registration.passages.actions import hold_who_is_back, look_again
from shared.act import Act
from shared.contracts.registration import Joined, Left, MemberJoined, MemberLeft, ProtectionPending
from shared.database import Session, new_id
from shared.occurrence import Occurrence, when
from shared.outbox import stage
from shared.problems import NotFound


async def join_case(
    session: Session, act: Act, file: CaseFile, body: JoiningBody
) -> tuple[Standing, Sequence[Document]]:
    """Somebody of the household comes into the case: a child is born, a husband is found. They have agreed to nothing
    yet, so the case as a whole stands where they do; a child without parents here waits for protection.

    Raises `CaseOnTheWay`, `DatesImpossible`, `MembersUnclear`, `NotAMember`, `ResponsibilityNotShown`,
    `DocumentUnclear`, `AlikeRegistered`, and what `when` raises.
    """
    await _check_on_the_ground(session, file)
    moment = when(act, body)
    check_born(body.how, body.birth_date, moment)
    present = list(file.members)
    individual_id = new_id()
    responsible = [each.id for each in file.chosen(body.responsible)] if body.responsible else []
    documents = add_member(act, file, body, individual_id, await next_place(session, file.id), responsible)
    joined = file.one(individual_id)
    check_composition(file, act.today)
    _check_parents_named(file, joined)
    # Who left the case is a likeness too, and rejoins.
    await look_for_alike(session, [joined.individual], documents, body.seen_alike, present)
    session.add(joined.individual)
    await session.flush()  # nothing but their ids says that the rest rests on it
    session.add_all([joined.member, *documents])
    await _keep(session, act, file, joined.id, body, Change.JOINED, Joined(body.how), moment)
    await _tell_joined(session, act, file, joined, Joined(body.how), moment)
    if joined.member.protection_pending:
        await stage(session, act, ProtectionPending(individual=joined.id), key=file.id, subject=joined.id)
    for document in documents:
        await tell_document(session, act, document)
    return joined, documents


async def leave_case(session: Session, act: Act, file: CaseFile, leaving: Standing, body: LeavingBody) -> None:
    """They are of the case no more. Their declaration falls; whoever they were responsible for may now be alone, and
    what was signed by them or for them lapses. The record of them stays.

    Raises `CaseOnTheWay`, `NobodyWouldStay`, `ChildLeavesWithProtection`, `ParentLeavesWithProtection`,
    `MembersUnclear`, `NotAMember`, `DatesImpossible`, `ResponsibilityNotShown`, and what `when` raises.
    """
    await _check_on_the_ground(session, file)
    moment = when(act, body)
    check_left_since(file.case.registered_at, moment)
    theirs = [each for each in file.members.values() if leaving.id in each.responsible and not each.is_adult(act.today)]
    away = [each for each in await once_members(session, file.id) if leaving.id in each.responsible]
    shown = await shown_in(session, file.id)
    check_may_leave(
        is_adult=leaving.is_adult(act.today),
        staying=len(file.members) - 1,
        a_child_stays=bool(theirs),
        how=body.how,
        by_protection="protection" in act.roles,
    )
    children = [each.id for each in [*theirs, *away] if is_parent(leaving.relation, each.relation)]
    wards = [each.id for each in theirs if (each.id, leaving.id) in shown and each.id not in children]
    alone = children_alone(file, act.today)
    signed = (await live_declarations(session, [file.id])).get((file.id, leaving.id))
    if signed is not None:
        await lapse_declaration(session, act, file, leaving, signed)
    was = member_fact(leaving, act.today)
    del file.members[leaving.id]
    for each in file.members.values():
        if leaving.id in each.responsible:
            each.member.responsible = [one for one in each.responsible if one != leaving.id]
    _restate(file, body.relations)
    check_composition(file, act.today)
    if body.relations:
        check_shown(links_in(file), shown, alone)
    leaving.member.left_at = moment
    await _keep(session, act, file, leaving.id, body, Change.LEFT, body.how, moment, [*children, *wards])
    facts = case_facts(file, act.today)
    fact = MemberLeft(**facts, individual=leaving.id, member=was, how=body.how, left_at=moment)
    attempt = leaving.member.attempt
    await stage(session, act, fact, key=file.id, subject=leaving.id, attempt=attempt, occurred=moment)
    await derive_protection(session, act, file)
    for each in file.members.values():
        await lapse_if_unsigned(session, act, file, each)


async def rejoin_case(session: Session, act: Act, file: CaseFile, individual_id: UUID, body: RejoiningBody) -> Standing:
    """Who left comes back, or had been taken out by mistake: the same record, where it stood, without a declaration.
    Parents, guardians and children are so to each other again: what one of two alone signed meanwhile lapses.

    Raises `NotFound`, `InTheCase`, `CaseOnTheWay`, `OtherRecordGoesOn`, `AlikeRegistered`, `NotAMember`,
    `MembersUnclear`, `ResponsibilityNotShown`, and what `when` raises.
    """
    if individual_id in file.members:
        raise InTheCase()
    back = await once_a_member(session, file.id, individual_id)
    if back is None:
        raise NotFound("member of this case")
    await _check_on_the_ground(session, file)
    if individual_id in await linked_in(session, file.id):
        raise OtherRecordGoesOn()
    moment = when(act, body)
    papers = (await documents_of(session, [back.id])).get(back.id, [])
    await look_for_alike(session, [back.individual], papers, {*body.seen_alike, back.id}, file.members)
    named = [each.id for each in file.chosen(body.responsible)] if body.responsible else []
    shown = await shown_in(session, file.id)
    by_protection = "protection" in act.roles
    looked_at = by_protection or _all_here(act, file, back)
    if not looked_at:
        shown = {link for link in shown if back.id not in link}
    theirs = _those_responsible(act, file, back, shown) if looked_at else []
    back.member.relation = body.relation
    back.member.responsible = list(dict.fromkeys([*theirs, *named]))
    children = await _responsible_again(session, act, file, back, shown)
    back.member.left_at = None
    file.members[back.id] = back
    check_composition(file, act.today)
    links = [link_of(file, back.id, one) for one in back.responsible]
    links += [link_of(file, child.id, back.id) for child in children]
    check_shown(links, shown, () if theirs else [back.id])
    await _keep(session, act, file, back.id, body, Change.JOINED, Joined.CAME_BACK, moment)
    await _tell_joined(session, act, file, back, Joined.CAME_BACK, moment)
    await derive_protection(session, act, file)
    for child in children:
        await lapse_if_unsigned(session, act, file, child)
    await session.flush()
    await hold_who_is_back(session, act, file, back.id)
    await look_again(session, act, file)  # what was told of them while they were out of it
    return back


def check_is_there(file: CaseFile, left: Standing | None, individual_id: UUID) -> Standing:
    """The member. Raises `LeftAlready`, `NotFound`."""
    if individual_id in file.members:
        return file.members[individual_id]
    if left is not None:
        raise LeftAlready()
    raise NotFound("member of this case")


async def _check_on_the_ground(session: Session, file: CaseFile) -> None:
    statuses = [each.member.status for each in file.members.values()]
    check_on_the_ground(statuses, departed=bool(await departures_of(session, file.id)))


def _those_responsible(act: Act, file: CaseFile, back: Standing, shown: Shown) -> list[UUID]:
    """Who was responsible for a child on leaving: who brings the child back drops none of them. A guardian is so by a
    record that nobody ended meanwhile."""
    if back.is_adult(act.today):
        return []
    here = [file.members[one] for one in back.responsible if one in file.members]
    return [one.id for one in here if is_parent(one.relation, back.relation) or (back.id, one.id) in shown]


def _all_here(act: Act, file: CaseFile, back: Standing) -> bool:
    """Whether all are in the case who were responsible for a child on its leaving. Where one has left since, the other
    alone would sign: then protection brings the child back, or is asked."""
    grown = {one for one, each in file.members.items() if each.is_adult(act.today)}
    return back.is_adult(act.today) or grown.issuperset(back.responsible)


async def _responsible_again(
    session: Session, act: Act, file: CaseFile, back: Standing, shown: Shown
) -> list[Standing]:
    """The children for whom they were responsible on leaving. For one who is alone since, protection was asked: then it
    is by its record that nobody else but they are the guardian, or because protection itself brings them back. A child
    that is out of the case by now finds them again on its own way back."""
    left = await last_leaving(session, file.id, back.id)
    if left is None or not back.is_adult(act.today):
        return []
    lost = await wards_lost_since(session, file.id, back.id, left.recorded_at)
    before = set(left.parent_of or ()) - lost
    away = [each for each in await once_members(session, file.id) if each.id in before]
    again = []
    for each in [*(one for one in file.members.values() if one.id in before), *away]:
        guardians = {adult for child, adult in shown if child == each.id}
        by_record = guardians == {back.id} or "protection" in act.roles
        if not each.is_adult(act.today) and (each.responsible or by_record):
            each.member.responsible = list(dict.fromkeys([*each.responsible, back.id]))
            again.append(each)
    return [each for each in again if each.id in file.members]


def _check_parents_named(file: CaseFile, child: Standing) -> None:
    """Whoever joins brings no guardian along by being named with one: parents alone are. Raises
    `ResponsibilityNotShown`."""
    if not all(is_parent(file.one(one).relation, child.relation) for one in child.responsible):
        raise ResponsibilityNotShown(individual=child.id)


def _restate(file: CaseFile, relations: Sequence[RestatedRelation]) -> None:
    for each in relations:
        file.one(each.individual_id).member.relation = each.relation


async def _keep(
    session: Session,
    act: Act,
    file: CaseFile,
    individual_id: UUID,
    said: Occurrence,
    change: Change,
    how: Joined | Left,
    moment: datetime,
    parent_of: list[UUID] | None = None,
) -> None:
    row = MembershipChange(
        id=new_id(),
        case_id=file.id,
        individual_id=individual_id,
        change=change,
        how=how,
        happened_at=moment,
        recorded_at=act.now,
        recorded_by=act.by,
        late_reason=said.late_reason,
        evidence=said.evidence,
        parent_of=parent_of,
    )
    session.add(row)
    file.settle()
    await session.flush()


async def _tell_joined(
    session: Session, act: Act, file: CaseFile, joined: Standing, how: Joined, moment: datetime
) -> None:
    facts = case_facts(file, act.today)
    fact = MemberJoined(**facts, individual=joined.id, how=how, joined_at=moment)
    attempt = joined.member.attempt
    await stage(session, act, fact, key=file.id, subject=joined.id, attempt=attempt, occurred=moment)
    await hold_who_joined(session, act, file, joined.id)
