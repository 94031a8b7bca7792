"""The prompt, which is data: what a model is asked, and the name of the reader that it makes of a model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ascertain.model.vocabulary import attack_types

_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked. `data` are the file's bytes, which a record keeps beside the answers."""

    data: bytes
    system: str
    question: str
    frames: frozenset[str]
    slots: Mapping[str, frozenset[str]]
    needs: Mapping[str, frozenset[str]]
    schema: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """The SHA-256 of the prompt's file, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    def reader(self, model: str) -> str:
        """The name of the reader that a model with this prompt is: `llm:MODEL@HASH`."""
        return f"llm:{model}@{self.hash[:_HASH_DIGITS]}"

    def messages(self, text: str, published: str) -> list[dict[str, str]]:
        """The messages of a chat for a piece of text; `published` is the text's date or empty."""
        filled = {"{types}": ", ".join(attack_types()), "{published}": published or "unknown", "{text}": text}
        parts = [self.question]
        for name, value in filled.items():  # one after the other would fill in what stands in the text, too
            before, _, after = parts.pop().partition(name)
            parts += [before, value, after]
        return [{"role": "system", "content": self.system}, {"role": "user", "content": "".join(parts)}]


@cache
def load_prompt() -> Prompt:
    """The prompt that comes with the package."""
    return parse_prompt(files("ascertain.read.llm").joinpath("prompt.yaml").read_bytes())


def parse_prompt(data: bytes) -> Prompt:
    """A prompt from the bytes of its file."""
    said = yaml.safe_load(data)
    return Prompt(
        data=data,
        system=said["system"],
        question=said["question"],
        frames=frozenset(said["frames"]),
        slots={frame: frozenset(names) for frame, names in said["slots"].items()},
        needs={frame: frozenset(names) for frame, names in said["needs"].items()},
        schema=said["schema"],
    )
