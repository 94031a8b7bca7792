"""Verify a record, also against what its reader has from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from ascertain.errors import UsageError
from ascertain.progress import Progress
from ascertain.record.custody.note import BadNote, VerifierKey, parse_verifier_key
from ascertain.record.store import Record
from ascertain.record.verify import Verification, verify


def verify_record(record: Record, keys: Sequence[str], checkpoint: bytes | None, progress: Progress) -> Verification:
    """Whether a record holds what its log says.

    `keys` are verifier keys that came by another way; `checkpoint` is a note that was kept elsewhere.
    Raises UsageError for what is no key or no checkpoint.
    """
    given = [_key(line) for line in keys]
    try:
        return verify(record, progress, given=given, kept=checkpoint)
    except BadNote as error:
        raise UsageError(f"what was given is no checkpoint: {error}") from error


def _key(line: str) -> VerifierKey:
    try:
        return parse_verifier_key(line.strip())
    except BadNote as error:
        raise UsageError(
            f"{line[:80]!r} is no verifier key: {error}", next_step="give the line that `ascertain key list` prints"
        ) from error
