"""How problems are shown on the API pages, and which errors a body's validation gives."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.problems import PROBLEM_JSON


class ProblemDocument(BaseModel):
    """RFC 9457. `type` is a path under every service; members beside these depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str | None = None
    remedy: str
    instance: str | None = Field(None, description="The request's id: the log has it")


PROBLEM_ANSWERS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": ProblemDocument,
        "description": "Refused; nothing was changed. `remedy` says what to do.",
        "content": {PROBLEM_JSON: {}},
    },
    "5XX": {"model": ProblemDocument, "description": "Failed; nothing was changed.", "content": {PROBLEM_JSON: {}}},
}
