"""What of a log the reader of a bundle may see: the one place that asks the gate of the record for it.

An entry that its reader may not see is not carried. What the gate cannot look into is not carried either where anything
is closed: files of reference records hold every row, and a partner's bundle is the partner's to pass on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ascertain.jobs.permitting import carried_entry
from ascertain.model.access import Access
from ascertain.publish.permitted import Carried, Gate, Withheld
from ascertain.record import entries
from ascertain.record.entries import Body, Entry
from ascertain.record.home.objects import Objects
from ascertain.record.sealed.seals import Seals


class Visible:
    """Asks by the classes of a record as they are now, whatever they were when an entry was written."""

    def __init__(self, gate: Gate, seals: Seals, objects: Objects) -> None:
        self._gate = gate
        self._seals = seals
        self._objects = objects
        closed = {one.kind for one, setting in gate.rule.settings.items() if setting.access is not Access.PUBLIC}
        self._sources_closed = "source" in closed

    def withheld(self, exhibits: Sequence[str]) -> tuple[Withheld, ...]:
        """Those of the exhibits that the reader may not see, and why."""
        return self._gate.withheld(Carried(exhibits=exhibits))

    def shows(self, entry: Entry, said: Body) -> bool:
        """Whether the reader may see an entry with the objects that it stands for."""
        if isinstance(said, entries.BundleReceived) or self._seals.takes_away(said) is not None:
            return False
        if isinstance(said, entries.ReferenceImported) and self._sources_closed:
            return False
        return not self._gate.withheld(self._carried(entry, said))

    def _carried(self, entry: Entry, said: Body) -> Carried:
        claims: list[tuple[str, str]] = []
        results: list[dict[str, Any]] = []
        exhibits = [name for name in (entry.body.get("exhibit"), entry.body.get("origin")) if name]
        if not self._gate.rule.closes_nothing:  # objects are opened only where something could be closed in them
            exhibits += said.objects()
            match said:
                case entries.ClaimsRead():
                    claims = [(claim["id"], said.exhibit) for claim in self._json(said.claims)]
                case entries.ClaimJudged():
                    claims = [(said.claim, said.exhibit)]
                case entries.CheckMade():
                    results = [self._json(said.result)]
                case entries.RelationsFound():
                    exhibits += [str(one[end]) for one in self._json(said.relations) for end in ("a", "b")]
                case entries.TimestampKept() if said.subject_kind == "exhibit":
                    exhibits.append(said.subject)
        return Carried([carried_entry(entry)], exhibits=exhibits, claims=claims, results=results)

    def _json(self, name: str) -> Any:
        return json.loads(self._objects.get(name))
