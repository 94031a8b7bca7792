"""The optional reader: a language model proposes claims with quotes, and only what stands in the text is kept."""

from ascertain.read.llm.answer import Answer, BadAnswer, parse_answer
from ascertain.read.llm.chunks import Chunk, chunks
from ascertain.read.llm.prompt import Prompt, load_prompt
from ascertain.read.llm.reading import Dropped, LlmReading, read_answers
from ascertain.read.llm.values import Context

__all__ = [
    "Answer",
    "BadAnswer",
    "Chunk",
    "Context",
    "Dropped",
    "LlmReading",
    "Prompt",
    "chunks",
    "load_prompt",
    "parse_answer",
    "read_answers",
]
