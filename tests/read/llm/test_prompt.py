"""The prompt: data with a hash, and a text that cannot write into it."""

from __future__ import annotations

from ascertain.model.vocabulary import attack_types
from ascertain.read.llm.prompt import load_prompt, parse_prompt


def test_a_changed_word_is_another_reader() -> None:
    prompt = load_prompt()
    other = parse_prompt(prompt.data.replace(b"No guesses.", b"Guess."))
    assert prompt.reader("m") != other.reader("m")
    assert prompt.reader("m") == f"llm:m@{prompt.hash[:12]}"


def test_a_text_with_the_names_of_blanks_stays_as_it_is() -> None:
    text = "{published} {types} {text} {"
    _, question = load_prompt().messages(text, "2018")
    assert question["content"].count(text) == 1
    assert "Date of the text: 2018" in question["content"]
    assert "barrel_bomb" in question["content"]


def test_frames_slots_and_schema_say_the_same() -> None:
    prompt = load_prompt()
    asked = prompt.schema["properties"]["claims"]["items"]["properties"]
    assert set(asked["frame"]["enum"]) == prompt.frames == set(prompt.slots) == set(prompt.needs)
    names = asked["slots"]["items"]["properties"]["name"]["enum"]
    assert set(names) == {name for slots in prompt.slots.values() for name in slots}
    assert all(prompt.needs[frame] <= prompt.slots[frame] for frame in prompt.frames)
    assert attack_types()
