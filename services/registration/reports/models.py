"""The table of editions of reports."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from services.registration.tables import Base
from shared.database import UtcDateTime


class ReportEdition(Base, table=True):
    """Up to where reports count that are given in this month. `month`: its first day. `position`: of what had become
    known here when the edition was made."""

    __tablename__ = "report_edition"

    month: date = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
