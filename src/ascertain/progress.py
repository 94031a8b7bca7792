"""Progress as four calls. The silent default lives here, so that no layer has to ask whether anybody is watching."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a long job tells whoever is watching. A job may call from several threads."""

    def begin(self, task: str, total: int | None, size: int | None = None) -> None:
        """A task of `total` steps begins (None when the number is not known), over `size` bytes if bytes count."""

    def advance(self, steps: int = 1, size: int = 0) -> None:
        """`steps` more are done, and `size` bytes more have been seen."""

    def note(self, message: str) -> None:
        """Something worth a line happened."""

    def end(self) -> None:
        """The task is over."""


class Silent:
    """Nobody is watching."""

    def begin(self, task: str, total: int | None, size: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1, size: int = 0) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
