"""A bag in one file (zip or tar; RFC 8493, section 4): unpacked into a private temporary folder and nowhere else.

The members come as streams from `preserve.unpack`, within its limits. A member that is no plain file, or whose name
could be read in two ways, refuses the whole archive: of a bag nothing may be left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ascertain.errors import BundleRefused, ItemFailed, UsageError
from ascertain.preserve.bag.files import DEEPEST
from ascertain.preserve.bag.lines import DECLARATION
from ascertain.preserve.bag.names import out_of_scope, plain
from ascertain.preserve.detect import PROBE_BYTES, ZIP, detect_media_type
from ascertain.preserve.limits import Allowance, Limits
from ascertain.preserve.member import Member, NotTaken
from ascertain.preserve.signatures import BZIP2, GZIP, TAR, XZ
from ascertain.preserve.unpack import unpack

_ARCHIVES = frozenset({ZIP, TAR, GZIP, BZIP2, XZ})
_HARMLESS = frozenset({"", "case clash"})  # the bag's own reading speaks of letter case


@contextmanager
def bag_folder(path: Path, limits: Limits) -> Iterator[Path]:
    """The folder of a bag: itself, or what an archive of it holds, unpacked for as long as the block lasts.

    Raises BundleRefused for an archive that is damaged, too large, or holds what no bag may hold; UsageError for a file
    that is no archive.
    """
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="ascertain-bag-") as private:
        target = Path(private)
        _unpack(path, target, limits)
        yield _inner(path, target)


def _unpack(path: Path, target: Path, limits: Limits) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(PROBE_BYTES)
            media_type = ZIP if head.startswith(b"PK") else detect_media_type(head)
            if media_type not in _ARCHIVES:
                raise UsageError(f"{path.name} is no folder, zip or tar", next_step="give the bag's folder")
            file.seek(0)
            for member in unpack(file, media_type, Allowance(limits, path.stat().st_size)):
                _put(path, target, member)
    except ItemFailed as error:
        raise BundleRefused(f"{path.name}: {error.message}", next_step=error.next_step) from error
    except OSError as error:
        raise BundleRefused(f"{path.name} cannot be unpacked: {error.strerror or error}") from error


def _put(path: Path, target: Path, member: Member | NotTaken) -> None:
    if isinstance(member, NotTaken):
        raise BundleRefused(f"{path.name}: {member.name or 'the archive'}: {member.reason}")
    reason = out_of_scope(member.name)
    odd = [remark for remark in member.facts.get("remarks", "").split(", ") if remark not in _HARMLESS]
    if reason is None and odd:
        reason = f"a name that is not plain ({', '.join(odd)})"
    if reason is None and member.name.count("/") > DEEPEST:
        reason = f"more than {DEEPEST} folders deep"
    if reason is not None:
        raise BundleRefused(f"{path.name}: {member.name}: {reason}")
    place = target / plain(member.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as out:
        for chunk in member.chunks:
            out.write(chunk)


def _inner(path: Path, target: Path) -> Path:
    """The bag in an unpacked archive: in its single folder, as the standard asks, or at its top."""
    inside = list(target.iterdir())
    if (target / DECLARATION).is_file():
        return target
    if len(inside) == 1 and inside[0].is_dir():
        return inside[0]
    raise BundleRefused(f"{path.name} holds no bag: neither bagit.txt nor a single folder is at its top")
