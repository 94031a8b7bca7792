"""The one door to what lies inside a file: archives, compressed files, messages and mailboxes.

Every member comes as a stream. Nothing is written anywhere, no name is used as a path, no code of the file runs, and an
image, a PDF or a document is never decoded: it is bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import BinaryIO

from ascertain.errors import ItemFailed
from ascertain.preserve.archives.tars import tar_members
from ascertain.preserve.archives.unfolding import compressed_members
from ascertain.preserve.archives.zips import zip_members
from ascertain.preserve.detect import ZIP
from ascertain.preserve.limits import Allowance
from ascertain.preserve.mail import mail_members
from ascertain.preserve.mail_signs import MAIL, MBOX
from ascertain.preserve.mbox import mbox_members
from ascertain.preserve.member import Member, NotTaken, not_taken
from ascertain.preserve.signatures import BZIP2, GZIP, RAR, SEVEN_ZIP, TAR, XZ, ZSTANDARD

Unpacks = Callable[[BinaryIO, Allowance], Iterator[Member | NotTaken]]

_UNPACKS: Mapping[str, Unpacks] = MappingProxyType(
    {
        ZIP: zip_members,
        TAR: tar_members,
        MAIL: mail_members,
        MBOX: mbox_members,
        **{kind: partial(compressed_members, kind) for kind in (GZIP, BZIP2, XZ)},
    }
)
_CLOSED = frozenset({SEVEN_ZIP, RAR, ZSTANDARD})


def holds_members(media_type: str) -> bool:
    """Whether a file of this type is one that holds others, and is meant to be unpacked.

    A Word document and a web archive (WACZ, WARC) hold files too, but are one thing to whoever made them.
    """
    return media_type in _UNPACKS or media_type in _CLOSED


def unpack(file: BinaryIO, media_type: str, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """The members of a file, in its order, and what was not taken. Raises nothing for what is in the file.

    The last may be a NotTaken without a name: from there on nothing could be read. It is for the caller to unpack a
    member that holds members in turn, with the same allowance.
    """
    if media_type in _CLOSED:
        yield NotTaken("", "unsupported", f"{media_type} is not unpacked; unpack it and preserve what is inside")
        return
    try:
        yield from _UNPACKS[media_type](file, allowance)
    except ItemFailed as error:
        yield not_taken("", error)
