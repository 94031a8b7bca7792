"""Plain data that UTF-8 can hold: a page or a partner may give half a character, which canonical JSON refuses."""

from __future__ import annotations

from typing import Any


def plainly(value: Any) -> Any:
    """The same lists, mappings, numbers and texts, with a question mark for every half of a character."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {plainly(key): plainly(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plainly(one) for one in value]
    return value
