"""The manifest as a sheet to print and work from when everything is down. Pure: rows in, a page or a table out."""

import csv
import html
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

ASKED: Final = ("yes", "no", "not sure", "pressed")
"""What may be ticked of an adult asked alone, in the words of the willingness that is entered afterwards."""
COLUMNS: Final = (
    "no",
    "party",
    "family_name",
    "given_name",
    "birth_date",
    "nationality",
    "document",
    "adult_or_child",
    "status",
    "bags",
    "pocket_money",
    "support",
    "fly_before",
    "boarded",
    "asked_alone",
    "willing",
    "pocket_money_signature",
    "left_behind_why",
    "individual_id",
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One passenger. `party`: 1, 2, ... the same for those of one booking. `pocket_money`: still to be paid, by
    currency. `support`: codes of what is to be arranged; `fly_before`: the latest day of departure."""

    individual: UUID
    party: int
    family_name: str
    given_name: str
    birth_date: str
    nationality: str
    document: str
    adult: bool
    status: str
    bags: int
    pocket_money: Mapping[str, Decimal]
    support: Sequence[str] = ()
    fly_before: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flight to be worked on paper. `names`: complete, incomplete or not_available, as registration gave them.
    `escorts`: the code and the task of each who goes along; they are counted at the door too."""

    flight: UUID
    number: str
    route: str
    departs: datetime
    made_at: datetime
    names: str
    rows: Sequence[SheetRow]
    escorts: Sequence[tuple[str, str]] = ()


def parties(bookings: Iterable[UUID]) -> dict[UUID, int]:
    """A small number for each party, by the first of its bookings, in the order in which they come."""
    return {booking: place for place, booking in enumerate(dict.fromkeys(bookings), start=1)}


def as_csv(sheet: Sheet) -> str:
    """A table with a head, a line for each passenger, and empty cells for what is marked by hand."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for place, row in enumerate(sheet.rows, start=1):
        table.writerow([_cell(each) for each in (place, *_known(row), "", "", "", "", "", str(row.individual))])
    for place, (reference, kind) in enumerate(sheet.escorts, start=len(sheet.rows) + 1):
        blank = [""] * (len(COLUMNS) - 9)
        table.writerow([place, "", _cell(reference), "", "", "", "", "escort", _cell(kind), *blank])
    return written.getvalue()


def as_html(sheet: Sheet) -> str:
    """One page that needs nothing else: no script, no style sheet, no picture from elsewhere."""
    boxes = " ".join(f"&#9744;&nbsp;{each.replace(' ', '&nbsp;')}" for each in ASKED)
    lines = []
    for place, row in enumerate(sheet.rows, start=1):
        cells = "".join(f"<td>{html.escape(str(each))}</td>" for each in (place, *_known(row)))
        asked = f"&#9744;&nbsp;asked&nbsp;alone<br>{boxes}" if row.adult else f"child&rsquo;s own no: {boxes}"
        marks = f"<td>&#9744;</td><td>{asked}</td><td></td><td></td><td class=id>{row.individual}</td>"
        lines.append(f"<tr>{cells}{marks}</tr>")
    head = "".join(f"<th>{each}</th>" for each in _HEADS)
    title = html.escape(f"{sheet.number} {sheet.route}")
    about = html.escape(
        f"Departs {sheet.departs:%Y-%m-%d %H:%M} UTC. {len(sheet.rows)} passengers, {len(sheet.escorts)} escorts. "
        f"Names: {sheet.names}. "
        f"Printed {sheet.made_at:%Y-%m-%d %H:%M} UTC."
    )
    along = ", ".join(f"{reference} ({kind})" for reference, kind in sheet.escorts) or "none"
    return _PAGE.format(
        escorts=html.escape(along), title=title, about=about, head=head, lines="\n".join(lines), flight=sheet.flight
    )


def _known(row: SheetRow) -> tuple[object, ...]:
    money = " + ".join(f"{amount:f} {currency}" for currency, amount in sorted(row.pocket_money.items()))
    who = (row.party, row.family_name, row.given_name, row.birth_date, row.nationality, row.document)
    return (*who, "adult" if row.adult else "child", row.status, row.bags, money, " ".join(row.support), row.fly_before)


def _cell(value: object) -> str:
    # A table is opened in a spreadsheet: what somebody is called must not be taken for a formula.
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


_HEADS: Final = (
    "No",
    "Party",
    "Family name",
    "Given name",
    "Born",
    "Nat.",
    "Document",
    "",
    "Status",
    "Bags",
    "Pocket money",
    "Support",
    "Leaves by",
    "Boarded",
    "Willing (each adult alone)",
    "Received: signature",
    "Left behind: why",
    "Id",
)
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Manifest</title>
<style>@page {{ size: A4 landscape; margin: 8mm }} body {{ font: 9pt sans-serif }} table {{ border-collapse: collapse;
width: 100% }} td, th {{ border: 1px solid #000; padding: 2pt; text-align: left; vertical-align: top }}
.id {{ font-size: 6pt }} tr {{ page-break-inside: avoid }}
thead {{ display: table-header-group }}</style></head>
<body><h1>{title}</h1><p>{about}</p>
<table><thead><tr>{head}</tr></thead><tbody>
{lines}
</tbody></table>
<p>Escorts: {escorts}</p>
<p>Doors closed at ________ Aircraft left at ________ Boarded ____ of ____ Bags aboard ____
Why on paper ________________</p>
<p>Worked by ________________ Signature ________________</p>
<p class="id">Flight {flight}. Enter this sheet afterwards, as it is written. Keep it locked away until then; destroy it
as the office&rsquo;s rules for papers with names say.</p>
</body></html>
"""
