"""Purposes and forms of consent, and what a consent covers. Pure."""

from enum import StrEnum

from shared.problems import Problem


class Purpose(StrEnum):
    REINTEGRATION_CONTACT = "reintegration_contact"
    TRAVEL_ARRANGEMENTS = "travel_arrangements"
    MEDICAL_INFORMATION = "medical_information"
    REFERRAL = "referral"
    PUBLICATION_OF_WORDS = "publication_of_words"
    RESEARCH = "research"


class ConsentForm(StrEnum):
    """How it was given; a form that is signed with a thumbprint is a written one."""

    WRITTEN = "written"
    ORAL = "oral"


class ConsentGivenAlready(Problem):
    slug = "consent-given-already"
    status = 409
    title = "That consent was given before and stands"
    remedy = "Nothing needs to be done. For a new version of the form, name it in `version`."


class ConsentWithdrawnAlready(Problem):
    slug = "consent-withdrawn-already"
    status = 409
    title = "That consent was taken back before"
    remedy = "Nothing needs to be done."
