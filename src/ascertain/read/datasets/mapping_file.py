"""A mapping from its file, each problem named by line and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from pydantic import ValidationError

from ascertain.errors import BadMapping
from ascertain.read.datasets.mapping import Mapping

_LIMIT_BYTES: Final = 1024 * 1024
_DEPTH: Final = 20
Path = tuple[str, ...]


def parse_mapping(data: bytes, name: str) -> Mapping:
    """A mapping from the bytes of its file (YAML, or JSON). `name` is the file's, for messages.

    Every plain word is text here: `no` is a word, `1` a code. Raises BadMapping with every problem.
    """
    root = _composed(data, name)
    marks: dict[Path, yaml.Mark] = {}
    problems = list(_walk(root, (), marks, set()))
    if problems:
        raise _refused(name, problems)
    plain = _constructed(root)
    try:
        mapping = Mapping.model_validate(plain)
    except ValidationError as error:
        found = [(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors(include_url=False)]
        raise _refused(name, [_problem(loc, said, marks) for loc, said in found]) from error
    if wrong := mapping.problems():
        raise _refused(name, [_problem(loc, said, marks) for loc, said in wrong])
    return mapping


@cache
def shipped_mappings() -> dict[str, Mapping]:
    """The mappings that come with the package, by name."""
    folder = files("ascertain.read.datasets").joinpath("mappings")
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    read = [parse_mapping(folder.joinpath(file).read_bytes(), file) for file in found]
    return {mapping.name: mapping for mapping in read}


def _composed(data: bytes, name: str) -> yaml.Node:
    if len(data) > _LIMIT_BYTES:
        raise BadMapping(f"{name} is larger than a mapping can be")
    try:
        text = data.decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except UnicodeDecodeError as error:
        raise BadMapping(f"{name} is not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise _refused(name, [f"{where}{error.problem}"]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadMapping(f"{name} is not YAML") from error
    if not isinstance(root, yaml.MappingNode):
        raise BadMapping(f"{name} is no mapping", next_step="write `mapping: 1`, `name:`, `speaker:`, `key:`, `slots:`")
    return root


def _walk(node: yaml.Node, path: Path, marks: dict[Path, yaml.Mark], seen: set[int]) -> Iterator[str]:
    """Note where each part stands; says what YAML lets pass: keys said twice, references, too much depth.

    A reference is the same node in another place; a few of them, nested, unfold to more than any memory holds.
    """
    if id(node) in seen or len(path) > _DEPTH:
        yield f"{_place(node.start_mark)}: {'referred to elsewhere' if id(node) in seen else 'nested too deeply'}"
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            if here in marks:
                yield f"{_place(key.start_mark)}: {'.'.join(here)} is said twice"
                continue
            marks[here] = key.start_mark
            yield from _walk(value, here, marks, seen)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            marks[(*path, str(number))] = value.start_mark
            yield from _walk(value, (*path, str(number)), marks, seen)


def _constructed(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _constructed(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_constructed(value) for value in node.value]
    return str(node.value)


def _problem(loc: Sequence[str | int], message: str, marks: dict[Path, yaml.Mark]) -> str:
    path = tuple(str(part) for part in loc if part != "[key]")
    known = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in marks), None)
    where = f"{_place(marks[known])}: " if known else ""
    return f"{where}{'.'.join(path)}: {message}"


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _refused(name: str, problems: list[str]) -> BadMapping:
    return BadMapping(
        f"{name} is no mapping that can be used", problems=problems, next_step="the format: docs/datasets.md"
    )
