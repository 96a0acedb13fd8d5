"""Bodies of declarations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.declarations.rules import Method, Paper
from shared.contracts.registration import SignedHow
from shared.fields import Answer, Body, LanguageTag, Line, PlainText, shown
from shared.occurrence import Occurrence

FormVersion = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,29}$", description="A code; it is told in events")]


class SignatureBody(Body):
    """`witness`: who saw it, needed for a thumbprint."""

    signer: UUID
    method: Method
    witness: Line | None = None


class PaperBody(Body):
    """The paper that says why fewer sign, or why one signs for another."""

    paper: Paper
    reference: Line
    why: PlainText


class DeclarationBody(Occurrence):
    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "form_version": "2021-1",
            "language": "ckb",
            "signatures": [{"signer": "01890a5d-ac96-774b-bcce-b302099a8057", "method": "signature"}],
        }
    )

    individual_id: UUID
    form_version: FormVersion
    language: LanguageTag
    signatures: Annotated[list[SignatureBody], Field(min_length=1, max_length=10)]
    sole_responsibility: PaperBody | None = None


class SignatureAnswer(Answer):
    signer: UUID
    method: Method
    witness: str | None


class DeclarationAnswer(Answer):
    """`paper_why`, `paper_reference` and witnesses are null to auditors."""

    id: UUID
    individual_id: UUID
    attempt: int
    form_version: str
    language: str
    how: SignedHow
    signatures: list[SignatureAnswer]
    paper: Paper | None
    paper_reference: str | None
    paper_why: str | None
    signed_at: datetime
    recorded_at: datetime
    recorded_by: str
    status: str
    individual_status: str


class DeclarationList(Answer):
    items: list[DeclarationAnswer]
