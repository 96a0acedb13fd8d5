"""What every programme asks without writing it: the countries it is for, nobody home already, one record a person."""

from collections.abc import Iterable

from services.eligibility.inputs.rules import Inputs
from services.eligibility.programmes.rules import CompiledVersion, Scope
from services.eligibility.traces.rules import FactSeen, RuleSaid, SaidOfMember
from shared.contracts.registration import ReturnKind


def ask_of_records(number: int, version: CompiledVersion, inputs: Inputs) -> Iterable[RuleSaid]:
    """What registration told that ends a return with any programme: home by other means, a second record."""
    counts = ReturnKind.RETROACTIVE
    gone = [m.individual for m in inputs.members if m.returned is not None and m.returned is not counts]
    twice = [m.individual for m in inputs.members if m.duplicate]
    for code, title, who, sentence in (
        ("not_home_already", "Not home already", gone, "Home already without this programme."),
        ("one_record", "One record for one person", twice, "A second record: the person goes on under the other."),
    ):
        if who:
            yield RuleSaid(
                code=code,
                title=title,
                version=number,
                source=version.content.source,
                said="failed",
                saw=(),
                members=tuple(SaidOfMember(individual=each, said="failed") for each in who),
                sentence=sentence,
            )


def ask_scope(scope: Scope, number: int, version: CompiledVersion, inputs: Inputs) -> RuleSaid:
    """The rule every programme has without writing it: the countries it is for."""
    covered = scope.covers(inputs.host_country, inputs.destination_country)
    route = f"from {inputs.host_country} to {inputs.destination_country}"
    saw = tuple(
        FactSeen(fact=fact, individual=None, value=value)
        for fact, value in (
            ("case.destination_country", inputs.destination_country),
            ("case.host_country", inputs.host_country),
        )
    )
    return RuleSaid(
        code="programme_scope",
        title="The programme is for this return",
        version=number,
        source=version.content.source,
        said="passed" if covered else "failed",
        saw=saw,
        members=(),
        sentence=f"The programme {'helps' if covered else 'does not help'} with returns {route}.",
    )
