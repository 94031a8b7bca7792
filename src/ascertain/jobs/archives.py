"""Partners' web archives on their way in: checked, with the report kept beside them as an exhibit made from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Final

from cryptography import x509

from ascertain.jobs.items import Failure, Taken, writing_objects
from ascertain.preserve.detect import WACZ
from ascertain.preserve.signatures import WARC, WARC_GZIP
from ascertain.preserve.warc.checking import check_warc
from ascertain.preserve.warc.package import check_wacz
from ascertain.preserve.warc.report import BAD, Report
from ascertain.record.custody.timestamps import verify_timestamp
from ascertain.record.entries import canonical
from ascertain.record.home.objects import Incoming, Kept, Objects

METHOD: Final = "archive check"
CODE: Final = "bad-archive"
_REASONS_TOLD = 10


def is_archive(media_type: str) -> bool:
    """Whether exhibits of this type are checked."""
    return media_type in (WACZ, WARC, WARC_GZIP)


def checked(taken: Taken, objects: Objects, incoming: Incoming) -> Iterator[Taken | Failure]:
    """The report on an archive that was taken; and, for a bad one, a failure, though its bytes are kept."""
    with objects.open(taken.kept.name) as file:
        if taken.media_type == WACZ:
            report = check_wacz(file, "archive", time_check=_time_of)
        else:
            report = check_warc(file, "archive")
    data = canonical(report.to_json())
    details = {"verdict": report.verdict, "reasons": report.reasons[:_REASONS_TOLD]}
    name = f"{taken.name}.report.json"
    with writing_objects():
        kept = Kept(incoming.put(data), len(data))
    yield Taken(name, kept, "application/json", taken.kept.name, METHOD, details)
    if report.verdict == BAD:
        yield Failure(taken.name, _reason(report), CODE)


def _reason(report: Report) -> str:
    told = "; ".join(report.reasons[:_REASONS_TOLD])
    more = len(report.reasons) - _REASONS_TOLD
    return f"kept, but it fails: {told}" + (f"; and {more} more" if more > 0 else "")


def _time_of(response: bytes, digest: bytes, certificates: Sequence[x509.Certificate]) -> datetime.datetime:
    return verify_timestamp(response, digest, certificates).time
