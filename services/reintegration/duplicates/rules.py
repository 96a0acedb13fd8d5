"""One person who has two records gets one package. Registration links the records, and this service looks."""

from shared.problems import Problem


class PackageElsewhere(Problem):
    slug = "package-in-another-case"
    status = 409
    title = "A person of this case has a plan in another case that is theirs too"
    remedy = "`case` and `plan` name it: go on there, or have registration undo the link if they are two people."
