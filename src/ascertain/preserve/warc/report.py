"""What a check of a partner's archive found. Kept beside the exhibit: a bad file may be kept, never as a good one."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from ascertain.preserve.plainly import plainly

FORMAT = "ascertain-archive-report-1"
GOOD, NOTES, BAD = "good", "good with notes", "bad"
_MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (`bad`) or worth knowing. `where` names a file, an offset, a record."""

    bad: bool
    code: str
    where: str
    reason: str


@dataclass
class Report:
    """The result of a check. `kind` is wacz, warc, arc or none of them."""

    kind: str
    findings: list[Finding] = field(default_factory=list)
    records: Counter[str] = field(default_factory=Counter)
    algorithms: Counter[str] = field(default_factory=Counter)
    matched: int = 0
    unchecked: int = 0
    signature: dict[str, Any] = field(default_factory=lambda: {"kind": "none"})
    about: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    _bad: bool = False

    @property
    def verdict(self) -> str:
        """good, good with notes or bad."""
        return BAD if self._bad else NOTES if self.findings else GOOD

    @property
    def reasons(self) -> list[str]:
        """Why it is bad, in words."""
        return [f"{one.code}: {one.reason} ({one.where})" for one in self.findings if one.bad]

    def bad(self, code: str, where: str, reason: str) -> None:
        """Something is wrong."""
        self._add(Finding(True, code, where, reason))

    def note(self, code: str, where: str, reason: str) -> None:
        """Something is worth knowing."""
        self._add(Finding(False, code, where, reason))

    def to_json(self) -> dict[str, Any]:
        """Plain data, the same for the same file."""
        said = {
            "format": FORMAT,
            "kind": self.kind,
            "verdict": self.verdict,
            "about": self.about,
            "records": dict(sorted(self.records.items())),
            "digests": {
                "matched": self.matched,
                "not_checked": self.unchecked,
                "algorithms": dict(sorted(self.algorithms.items())),
            },
            "signature": self.signature,
            "findings": [asdict(one) for one in self.findings],
            "findings_left_out": self.left_out,
        }
        told: dict[str, Any] = plainly(said)
        return told

    def _add(self, finding: Finding) -> None:
        self._bad = self._bad or finding.bad
        if len(self.findings) < _MOST_KEPT:
            self.findings.append(finding)
        else:
            self.left_out += 1
