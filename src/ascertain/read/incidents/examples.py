"""The format of training examples: JSON lines, one document a line, as GTT has MUC-4.

    {"docid": "...", "doctext": "...", "templates": [{"incident_type": "bombing", "Weapon": [[["bomb", 17]]]}]}

A role holds entities, an entity holds its mentions, a mention is its words and the offset of their first character.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ascertain.errors import BadTraining
from ascertain.read.incidents.incident import ROLES

Entity = tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """An incident as people read it: its type, and by role (the order of ROLES) entities as tuples of mentions."""

    type: str
    roles: tuple[tuple[Entity, ...], ...]


@dataclass(frozen=True)
class Example:
    """A text and the incidents in it."""

    docid: str
    text: str
    templates: tuple[Template, ...] = ()


def parse_examples(lines: Iterable[str]) -> Iterator[Example]:
    """Examples of JSON lines.

    Raises:
        BadTraining: a line is not JSON, or has not the form above.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _example(json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise BadTraining(
                f"Line {number} of the training examples cannot be read: {error}.",
                next_step="A line is a JSON object: docid, doctext, templates (docs/methods/read/incidents.md).",
            ) from error


def _example(row: dict[str, object]) -> Example:
    docid, text, templates = row["docid"], row["doctext"], row.get("templates", [])
    if not isinstance(docid, str) or not isinstance(text, str) or not isinstance(templates, list):
        raise TypeError("docid and doctext are strings, templates is a list")
    return Example(docid, text, tuple(_template(template) for template in templates))


def _template(row: dict[str, list[list[list[str]]]]) -> Template:
    kind = row["incident_type"]
    if not isinstance(kind, str):
        raise TypeError("incident_type is a string")
    roles = tuple(tuple(tuple(str(m[0]) for m in entity) for entity in row.get(role, ())) for role in ROLES)
    # "bombing / attack" is what the keys write where either is right.
    return Template(kind.split(" / ")[0], roles)
