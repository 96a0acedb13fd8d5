"""What the donor is told at the end: people and activities apart, money by budget line; and what the seats cost."""

from decimal import Decimal

from services.demo.family import Family
from services.demo.scenario import read_scenario

SAID = "to the donor"


def report_to_the_donor(family: Family) -> None:
    period = read_scenario("year.json")["donor_report"]
    path = f"/reports/donor?project={period['project']}&since={period['since']}&until={period['until']}"
    family.until_all_is_told("reintegration")
    said = family.look("reintegration", path, role="auditor", at="looked")
    family.found[f"{SAID}, cases helped at home"] = said["cases"]
    family.found[f"{SAID}, people helped at home"] = said["people"]
    for activity, count in said["activities"].items():
        family.found[f"{SAID}, {activity}"] = count
    for line in said["money"]:
        for part in ("net_committed", "net_paid", "delivered"):
            name = f"{SAID}, {line['budget_line']} {part.removeprefix('net_')}, {line['currency']}"
            family.found[name] = line[part]
    fares = family.look(
        "travel", f"/reports/fares?since={period['since']}&until={period['until']}", role="auditor", at="looked"
    )
    for line in fares["lines"]:
        if line["project_code"] == period["project"]:
            name = f"{SAID}, {line['budget_line']} fares {line['outcome'].replace('_', ' ')}"
            family.found[name] = line["entries"]
            borne = Decimal(line["fare"]) - Decimal(line["refunded"])
            family.found[f"{name}, borne by the programme, {line['currency']}"] = f"{borne:f}"
