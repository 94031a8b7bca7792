"""Progress as four calls. The silent default lives here, so that no layer has to ask whether anybody is watching."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a long job tells whoever is watching."""

    def begin(self, task: str, total: int | None) -> None:
        """A task of `total` steps begins (None when the number is not known)."""

    def advance(self, steps: int = 1) -> None:
        """`steps` more are done."""

    def note(self, message: str) -> None:
        """Something worth a line happened."""

    def end(self) -> None:
        """The task is over."""


class Silent:
    """Nobody is watching."""

    def begin(self, task: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
