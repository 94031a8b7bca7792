"""What can go wrong, in words for a person, each with the exit code that a script can rely on.

AscertainError                      1  something failed
├── UsageError                      2  the request itself is wrong
│   ├── BadMoment                      a date that is not EDTF
│   ├── BadCount                       a count that is not in the record's notation
│   ├── BadReadings                    a readings file that does not fit the statement
│   ├── BadMapping                     a mapping of a dataset with problems (each is named by line and column)
│   └── RecordExists                   a folder that is already a record
├── ItemFailed                      1  one item of a bulk job; it is named and the rest goes on
│   └── ImageRefused                   an image or a page that is not decoded
├── DiskFull                        1  no room for what was to be kept
├── UnreadableExhibit               1  bytes that no reader can turn into text
├── ImportRefused                   1  a reference folder with problems (each is named)
│   └── BundleRefused                  a bag or bundle that does not verify (each reason is named)
├── KeyUnusable                     1  a signing key that is not there, stays encrypted, or is not the record's
├── AuthorityFailed                 1  a timestamp authority that gave no timestamp
├── IsSealed                        1  what was asked would put sealed bytes, or their words, in the clear
├── CannotOpen                      1  a sealed exhibit that this identity does not open, or that has been erased
├── NotPermitted                    1  an export with what its reader may not see (each is named)
├── RecordDamaged                   4  the record fails verification
├── AccessRefused                   1  a server refuses this user, this key or this place
├── Unreachable                     1  a server does not answer, or stopped answering
├── NoRecord                       10  no record in this folder
└── RecordLocked                   11  another process is writing
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

DONE = 0
FAILED = 1
USAGE = 2
PARTLY = 3
DAMAGED = 4
NO_RECORD = 10
LOCKED = 11
STOPPED = 130


class AscertainError(Exception):
    """Base of every error that Ascertain raises on purpose.

    `message` says what happened; `next_step` says what the person can do about it (may be empty).
    """

    exit_code: ClassVar[int] = FAILED

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    @property
    def code(self) -> str:
        """The error's stable name for machines: the class name."""
        return type(self).__name__


class UsageError(AscertainError):
    """The request itself is wrong: nothing was tried."""

    exit_code = USAGE


class BadMoment(UsageError):
    """A date that is not a level 0 or 1 EDTF expression."""


class BadCount(UsageError):
    """A count that is not in the record's notation (`83`, `>=43`, `40..70`, `~500`)."""


class BadReadings(UsageError):
    """A readings file that does not fit the statement it is meant to correct."""


class BadMapping(UsageError):
    """A mapping of a dataset that cannot be used. `problems` names each, by line and column where it has them."""

    def __init__(self, message: str, *, problems: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.problems = tuple(problems)


class BadTraining(UsageError):
    """Training examples, or a trained model, that cannot be used."""


class RecordExists(UsageError):
    """The folder already holds a record, or something else."""


class ItemFailed(AscertainError):
    """One item of a bulk job (a file, a member of an archive, an address): it is named and the rest goes on.

    `why` is a stable word for machines: `link`, `special`, `missing`, `unreadable`, `changed`, `encrypted`, `damaged`,
    `unsupported`, `limit`.
    """

    def __init__(self, why: str, message: str, *, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.why = why


class ImageRefused(ItemFailed):
    """An image or a page of a PDF that is not decoded.

    `why` is one of: `empty`, `too_large`, `not_decoded`, `no_pixels`, `too_many_pixels`, `several_frames`,
    `orientation`, `no_such_page`, `too_long`, `truncated`, `damaged`, `memory`, `time`, `crashed`.
    """


class DiskFull(AscertainError):
    """There is no room for what was to be kept. What was reported as kept is kept."""

    def __init__(self) -> None:
        super().__init__(
            "no room is left where the record lies; what was reported as kept is kept",
            next_step="make room on that disk, then run the same command again",
        )


class UnreadableExhibit(AscertainError):
    """Bytes that no reader can turn into text: empty, truncated, encrypted, too large, of an unknown type."""


class ImportRefused(AscertainError):
    """A reference folder with problems; nothing of it was imported. `problems` names each by file, line, column."""

    def __init__(self, message: str, *, problems: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.problems = tuple(problems)


class BundleRefused(ImportRefused):
    """A bag or bundle that does not verify; nothing of it was taken in. `problems` names each reason."""


class KeyUnusable(AscertainError):
    """A signing key that is not there, that stays encrypted, or that is not one of the record's."""


class AuthorityFailed(AscertainError):
    """A timestamp authority could not be reached, or its answer is no timestamp that holds."""


class IsSealed(AscertainError):
    """What was asked would put the bytes or the words of a sealed exhibit in the clear."""


class CannotOpen(AscertainError):
    """A sealed exhibit that this identity does not open, or whose key has been destroyed."""


class NotPermitted(AscertainError):
    """An export with what its reader may not see; nothing was written. `problems` names each thing, and why."""

    def __init__(self, message: str, *, problems: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.problems = tuple(problems)


class RecordDamaged(AscertainError):
    """The record does not hold what its log says."""

    exit_code = DAMAGED


class AccessRefused(AscertainError):
    """A database or object store refuses who asks: wrong credentials, or no right to do this there."""


class Unreachable(AscertainError):
    """A database or object store does not answer, or stopped answering; nothing that was acknowledged is lost."""


class NoRecord(AscertainError):
    """There is no record in this folder."""

    exit_code = NO_RECORD


class RecordLocked(AscertainError):
    """Another process is writing to this record."""

    exit_code = LOCKED
