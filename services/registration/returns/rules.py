"""When a return without us may be recorded. Pure."""

from datetime import date

from services.registration.cases.rules import DatesImpossible


def check_return(returned_on: date, arrived: date) -> None:
    """Raises `DatesImpossible`: nobody leaves a country before coming into it."""
    if returned_on < arrived:
        raise DatesImpossible(why="the return must not lie before the arrival in the host country")
