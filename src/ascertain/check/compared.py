"""How a number that a claim states stands to one that was published."""

from __future__ import annotations

from ascertain.model.count import Count

# A number of another date is comparable within this time.
STALE_DAYS = 366
# "Nearly a hundred": at least this share of it, and less than it.
_NEARLY = 0.9


def agrees(claimed: Count, found: Count) -> str:
    """Whether a published number makes a claimed one true: yes, nearly (within a tenth, or weaker), no, open.

    "Three million" and "some three million" are the same number said twice: a round number is approximate.
    """
    ratio = claimed.stated / found.stated if found.stated else 0.0
    within = 0.9 <= ratio <= 1.1
    if claimed.comparator == "nearly":
        return _nearly(claimed, found)
    if claimed.comparator in ("at most", "fewer than"):
        return "no" if not claimed.overlaps(found) else "yes" if within else "open"
    if claimed.holds_for(found) or (claimed.stated == found.stated and claimed.comparator == found.comparator):
        return "yes"
    if claimed.comparator in ("exactly", "about") and within and (_round(claimed) or claimed.comparator == "about"):
        return (
            "yes"
            if claimed.stated == found.stated or found.comparator == "about" or claimed.comparator == "about"
            else "nearly"
        )
    if claimed.stated == found.stated or (within and claimed.overlaps(found)):
        return "nearly"
    if not claimed.overlaps(found):
        return "no"
    return "open"


def _nearly(claimed: Count, found: Count) -> str:
    if claimed.stated == found.stated:
        return "nearly" if found.comparator == "exactly" else "yes"
    if is_nearly(claimed, found.stated):
        return "yes"
    return "no" if not claimed.overlaps(found) else "open"


def is_nearly(claimed: Count, found: int) -> bool:
    """Whether a counted number is nearly, that is just under, the claimed one."""
    return _NEARLY * claimed.stated <= found < claimed.stated


def _round(count: Count) -> bool:
    digits = str(count.stated).rstrip("0")
    return len(digits) <= 2 and count.stated >= 1000
