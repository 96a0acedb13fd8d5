"""What the teams do at a site, and what is explained to groups."""

from enum import StrEnum


class Purpose(StrEnum):
    INFORMATION = "information"
    COUNSELLING = "counselling"
    RELIEF = "relief"
    HEALTH = "health"
    PROTECTION = "protection"
    MONITORING = "monitoring"


class Explained(StrEnum):
    """Topics of an information session; every one of them is told without urging anybody."""

    VOLUNTARINESS = "voluntariness"
    ASYLUM = "asylum"
    RETURN_PROCESS = "return_process"
    RIGHT_TO_WITHDRAW = "right_to_withdraw"
    REINTEGRATION = "reintegration"
    RELIEF = "relief"
    HEALTH = "health"
    COMPLAINTS = "complaints"


class AgeGroup(StrEnum):
    UNDER_18 = "under_18"
    ADULT = "adult"
    OVER_59 = "over_59"
