"""What the parts of a procedure's document have in common."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[a-z0-9_]+$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reason(Part):
    code: Code = Field(title="Code")
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title="Words")


def once(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """No code, way or hearer stands in a list twice."""
    said = [getattr(one, "code", one) for one in found]
    for one in said:
        if said.count(one) > 1:
            raise ValueError(f"“{one}” stands here twice: take one out")
    return found
