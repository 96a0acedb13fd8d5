"""Decisions in words, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.eligibility.decisions.queries import decision_of_id
from services.eligibility.words.queries import texts_by_language
from services.eligibility.words.rules import Reader, chosen_language, said_to
from services.eligibility.words.schemas import WordsAnswer
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import LanguageTag
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["decisions"])

READERS = allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.get("/decisions/{decision_id}/words", dependencies=[READERS])
async def say_decision(
    decision_id: UUID,
    call: Call,
    reader: Annotated[Reader, Query(alias="for", description="Who reads it")] = Reader.PERSON,
    language: Annotated[LanguageTag, Query(description="BCP 47, such as ckb")] = "en",
) -> WordsAnswer:
    """The decision in words: for the person plain and in their language, for the officer with rules, facts, sources."""
    decision = await decision_of_id(call.session, decision_id)
    texts = texts_by_language()
    given = chosen_language(language, frozenset(texts))
    return WordsAnswer(
        decision_id=decision_id,
        reader=reader,
        asked_language=language,
        language=given,
        fell_back=given != language.split("-")[0],
        provisional=texts[given].provisional,
        texts_version=texts[given].version,
        direction=texts[given].direction,
        data_language=decision.record.language,
        parts=said_to(reader, decision.record, texts[given]),
    )
