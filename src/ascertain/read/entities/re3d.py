"""Annotated texts from files in re3d's format: `documents.json` and `entities.json`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ascertain.errors import ImportRefused
from ascertain.read.entities.entity import TYPES, Annotated, Mention


def read_annotated(folder: Path) -> tuple[Annotated, ...]:
    """The texts of a folder, or of each folder in it, that holds both files; sorted by id.

    Raises ImportRefused, with every problem named, for a folder without such files, a line that is no object, an entity
    of no known document or type, or one outside its text.
    """
    parts = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())] if folder.is_dir() else []
    parts = [part for part in parts if (part / "documents.json").is_file() and (part / "entities.json").is_file()]
    if not parts:
        raise ImportRefused(
            f"{folder} holds no annotated texts", next_step="give a folder with documents.json and entities.json"
        )
    problems: list[str] = []
    texts = [text for part in parts for text in _part(part, problems)]
    if problems:
        raise ImportRefused(f"{folder} cannot be read", problems=problems)
    return tuple(sorted(texts, key=lambda text: text.id))


def _part(part: Path, problems: list[str]) -> Iterator[Annotated]:
    texts = {
        line["_id"]: line["text"]
        for line in _lines(part / "documents.json", problems)
        if _has(line, {"_id": str, "text": str}, f"{part.name}/documents.json", problems)
    }
    marked: dict[str, set[Mention]] = {name: set() for name in texts}
    for line in _lines(part / "entities.json", problems):
        where = f"{part.name}/entities.json: {line.get('_id')}"
        if _has(line, {"documentId": str, "begin": int, "end": int, "type": str}, where, problems):
            mention = Mention(line["begin"], line["end"], line["type"], _confidence(line))
            text = texts.get(line["documentId"])
            if text is None or mention.type not in TYPES or not 0 <= mention.start < mention.end <= len(text):
                problems.append(f"{where}: no known document, no known type, or outside of its text")
            else:
                marked[line["documentId"]].add(mention)
    for name, text in texts.items():
        yield Annotated(name, part.name, text, tuple(sorted(marked[name])))


def _lines(path: Path, problems: list[str]) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        problems.append(f"{path.name}: not UTF-8")
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, dict):
                yield value
            else:
                problems.append(f"{path.name}, line {number}: no JSON object")


def _has(line: Mapping[str, Any], fields: Mapping[str, type], where: str, problems: list[str]) -> bool:
    missing = [name for name, type_ in fields.items() if type(line.get(name)) is not type_]
    if missing:
        problems.append(f"{where}: {', '.join(missing)} missing or of the wrong type")
    return not missing


def _confidence(line: Mapping[str, Any]) -> float:
    value = line.get("confidence", 1.0)
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else 1.0
