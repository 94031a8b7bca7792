"""What the kinds of entry have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Body(BaseModel):
    """What an entry of one kind says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    def objects(self) -> tuple[str, ...]:
        """The names of the objects that this entry stands for, which must be there as long as it does."""
        return ()
