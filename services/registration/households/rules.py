"""What is said of a household to who knows no cases. Pure."""

from shared.problems import Problem


class HouseholdUnknown(Problem):
    slug = "household-unknown"
    status = 422
    title = "No household has that id"
    remedy = "Take `household_id` from the household's case, or leave it out where there is none. Nothing was changed."
