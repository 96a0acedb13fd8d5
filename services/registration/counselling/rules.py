"""When counselling counts. Pure. Guard 2 of the lifecycle: a declaration needs counselling in a language understood."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from shared.problems import Problem


class InterpreterKind(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    NONE = "none"


class Topic(StrEnum):
    VOLUNTARINESS = "voluntariness"
    ALTERNATIVES = "alternatives"
    ASYLUM = "asylum"
    RETURN_PROCESS = "return_process"
    RIGHT_TO_WITHDRAW = "right_to_withdraw"
    DESTINATION = "destination"
    DOCUMENTS = "documents"
    HEALTH = "health"
    TRAVEL = "travel"
    FAMILY = "family"
    REINTEGRATION = "reintegration"
    DATA_PROTECTION = "data_protection"


class LanguageNotSpoken(Problem):
    slug = "language-not-spoken"
    status = 422
    title = "That language is not among those of everyone who was counselled, and nobody interpreted"
    remedy = "Counsel in a language each of them has, or with an interpreter. `individuals` lists those concerned."


class InterpreterUnclear(Problem):
    slug = "interpreter-unclear"
    status = 422
    title = "The interpreter is said to be there and not to be there"
    remedy = "Say how an interpreter who is present takes part (in_person, phone), and `none` where there is none."


def speaks(languages: Iterable[str], language: str) -> bool:
    """Whether one of the languages (BCP 47) is that one, whatever its region or script: `ckb-IQ` is `ckb`."""
    return language.split("-")[0] in {each.split("-")[0] for each in languages}


def check_session(language: str, present: bool, kind: InterpreterKind, languages: Mapping[UUID, Sequence[str]]) -> None:
    """Raises `InterpreterUnclear`, `LanguageNotSpoken`. `languages`: those of each who was counselled."""
    if present == (kind is InterpreterKind.NONE):
        raise InterpreterUnclear()
    lost = [individual for individual, known in languages.items() if not speaks(known, language)]
    if lost and not present:
        raise LanguageNotSpoken(individuals=lost)
