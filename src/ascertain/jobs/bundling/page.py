"""What the page of a bundle tells, gathered from the carried entries as they pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ascertain.jobs.bundling.layout import object_path
from ascertain.jobs.bundling.selection import Line
from ascertain.publish.bundle_page import MOST_ACQUIRED, MOST_SHOWN, BundlePage, ExhibitShown, Stamp
from ascertain.record import entries


class Pages:
    """Takes carried entries in their order; keeps what the page shows of the first exhibits."""

    def __init__(self) -> None:
        self._exhibits: dict[str, ExhibitShown] = {}
        self._stamps: list[Stamp] = []
        self.number = 0

    def take(self, line: Line) -> None:
        """One entry."""
        said = line.said
        if isinstance(said, entries.ExhibitPreserved):
            self.number += 1
            if len(self._exhibits) < MOST_SHOWN:
                self._exhibits[said.exhibit] = ExhibitShown(
                    said.exhibit, said.size, said.media_type, object_path(said.exhibit), _signed(line)
                )
        elif isinstance(said, entries.ExhibitAcquired) and said.exhibit in self._exhibits:
            shown = self._exhibits[said.exhibit]
            if len(shown.acquired) < MOST_ACQUIRED:
                shown.acquired.append({**said.model_dump(), **_signed(line)})
            else:
                shown.more += 1
        elif isinstance(said, entries.ExhibitDerived) and said.exhibit in self._exhibits:
            self._exhibits[said.exhibit].derived.append({"origin": said.origin, "method": said.method, **_signed(line)})

    def stamp(self, said: Mapping[str, str], size: int) -> None:
        """One line of the timestamps."""
        subject = said["subject"]
        if said["subject_kind"] == "exhibit":
            if subject in self._exhibits:
                stamp = Stamp("this exhibit", said["authority"], said["time"])
                self._exhibits[subject].stamps.append(stamp)
        elif len(self._stamps) < MOST_SHOWN:
            what = "the checkpoint of this bundle" if subject == str(size) else f"the checkpoint over {subject} entries"
            self._stamps.append(Stamp(what, said["authority"], said["time"]))

    def page(self, summary: Mapping[str, Any], keys: Sequence[str]) -> BundlePage:
        """The page."""
        return BundlePage(summary, keys, list(self._exhibits.values()), self.number, self._stamps)


def _signed(line: Line) -> dict[str, str]:
    return {"seq": str(line.entry.seq), "time": line.entry.time, "author": line.entry.author}
