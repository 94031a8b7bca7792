"""How exactly are words read from pages, Word files, PDFs and scans, and do their boxes lie on them?

The documents are made here, from cases/text/pages.yaml, in six languages: HTML and Word; PDF by printing the page with
Chromium; a clean scan of 200 dots to an inch, and the same after a bad copier (turned by 0.6°, blurred, noise, JPEG).
The pages are of two sets: one was looked at while the readers were written, the other was written afterwards.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2
import yaml
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ascertain.errors import UnreadableExhibit
from ascertain.read.text import Ocr, Text, read_text
from ascertain.read.text.ocr.engine import find_engine

PAGES = Path(__file__).parents[1] / "cases" / "text" / "pages.yaml"
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
TESSERACT = {"en": "eng", "fr": "fra", "ar": "ara", "fa": "fas", "ru": "rus", "tr": "tur"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT, SIZE, DOTS = "DejaVuSans.ttf", 31, 200  # 11 points
SEED = 5
_DRAWN_DOTS = 144


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--split", choices=("development", "test"), default="test", help="which pages")
    parser.add_argument("--keep", type=Path, help="keep the made documents in this folder")


@dataclass(frozen=True)
class Scan:
    """An image of a page and where each of its words was drawn (pixels), in reading order."""

    image: Image.Image
    words: Sequence[tuple[str, tuple[float, float, float, float]]]


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Make every document in every language, read it in each way, and compare with what was written."""
    pages = yaml.safe_load(PAGES.read_text("utf-8"))[args.split]
    rows: dict[str, dict[str, dict[str, float]]] = {}
    for language, page in pages.items():
        lines = page.strip().splitlines()
        for way, read in _readings(language, lines, args.keep):
            figures = _compared(read.body, " ".join(lines)) | dict(read.more)
            rows.setdefault(way, {})[language] = figures
    return {"rows": rows, "split": args.split, "engine": find_engine().name, "left_out": _left_out()}


def _left_out() -> list[str]:
    missing = [] if _chromium() else ["PDF (no Chromium)"]
    return missing if importlib.util.find_spec("pdfplumber") else [*missing, "pdfplumber (not installed)"]


@dataclass(frozen=True)
class _Read:
    body: str
    more: Mapping[str, float]


def _readings(language: str, lines: Sequence[str], keep: Path | None) -> Iterator[tuple[str, _Read]]:
    page = _html(language, lines)
    yield "HTML", _Read(read_text(page, "text/html").body, {})
    yield "Word", _Read(read_text(_docx(lines), DOCX).body, {})
    if _chromium():
        pdf = _printed(page)
        _kept(keep, f"{language}.pdf", pdf)
        yield "PDF", _Read(read_text(pdf, "application/pdf").body, {"boxes": _boxes_of_pdf(language, lines)})
        yield "PDF, pypdfium2 alone", _Read(_pdfium(pdf), {})
        if importlib.util.find_spec("pdfplumber"):
            yield "PDF, pdfplumber", _Read(_pdfplumber(pdf), {})
    clean = _scan(lines, language in RIGHT_TO_LEFT)
    for name, scan, data in (("scan", clean, _png(clean.image)), ("bad scan", clean, _copied(clean.image))):
        _kept(keep, f"{language} {name}.jpeg", data)
        try:
            text = read_text(data, "image/png", ocr=Ocr())
        except UnreadableExhibit:  # counts as a page of errors
            text = Text("", ())
        right = any(f"language {TESSERACT[language]})" in note for note in text.notes)
        boxes = {"boxes": _boxes(text, scan.words)} if name == "scan" else {}
        yield name, _Read(text.body, {"language": float(right), **boxes})
        yield f"{name}, tesseract told the language", _Read(_tesseract(data, TESSERACT[language]), {})


def _kept(folder: Path | None, name: str, data: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _html(language: str, lines: Sequence[str], mark: Callable[[str], str] = escape) -> bytes:
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    body = "".join(f"<p>{mark(line)}</p>" for line in lines[1:])
    style = "<style>body{font:11pt 'DejaVu Sans'} @page{margin:2cm}</style>"
    head = f"<html lang={language} dir={direction}><head><meta charset=utf-8>{style}</head>"
    return f"<!doctype html>{head}<body><h1>{mark(lines[0])}</h1>{body}</body></html>".encode()


def _docx(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    document.add_heading(lines[0], 1)
    for line in lines[1:]:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _printed(page: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        command = [_chromium() or "", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        subprocess.run(
            [*command, f"--print-to-pdf={out}", source.as_uri()], check=True, capture_output=True, timeout=90
        )
        return out.read_bytes()


def _pdfium(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def _pdfplumber(pdf: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def _tesseract(data: bytes, language: str) -> str:
    with tempfile.NamedTemporaryFile(suffix=".image") as file:
        file.write(data)
        file.flush()
        command = ["tesseract", file.name, "stdout", "-l", language, "--dpi", str(DOTS)]
        return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode()


def _scan(lines: Sequence[str], right_to_left: bool) -> Scan:
    """An A4 page, set word by word, so that each word's place is known."""
    font, heading = ImageFont.truetype(FONT, SIZE), ImageFont.truetype(FONT, int(SIZE * 1.6))
    width, height, margin = round(8.27 * DOTS), round(11.69 * DOTS), 160
    image = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(image)
    words, y = [], margin
    for number, line in enumerate(lines):
        face = font if number else heading
        x, space = margin, pen.textlength(" ", font=face)
        for word in line.split():
            long = pen.textlength(word, font=face)
            if x + long > width - margin:
                x, y = margin, y + int(1.6 * face.size)
            left = width - x - long if right_to_left else x
            pen.text((left, y), word, font=face, fill=0, direction="rtl" if right_to_left else "ltr")
            words.append((word, (left, y, left + long, y + face.size * 1.2)))
            x += long + space
        y += int(2.4 * face.size)
    return Scan(image, words)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _copied(image: Image.Image) -> bytes:
    turned = image.rotate(0.6, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.1))
    noise = np.random.RandomState(SEED).normal(0, 22, (image.height, image.width))
    grey = Image.fromarray(np.clip(np.asarray(turned, float) * 0.85 + 20 + noise, 0, 255).astype(np.uint8))
    out = BytesIO()
    grey.save(out, "JPEG", quality=55)
    return out.getvalue()


def _boxes(text: Text, words: Sequence[tuple[str, tuple[float, float, float, float]]]) -> float:
    """The share of the words that were drawn whose middle lies in a box with that word."""
    right = 0
    for word, (left, top, end, low) in words:
        x, y = (left + end) / 2, (top + low) / 2
        right += any(
            text.body[place.start : place.end] == word
            for place in text.places
            if place.x <= x <= place.x + place.width and place.y <= y <= place.y + place.height
        )
    return right / len(words)


def _boxes_of_pdf(language: str, lines: Sequence[str]) -> float:
    """The same for a PDF, each of whose words is printed in a colour of its own and found again by it."""
    colours: list[tuple[str, tuple[int, int, int]]] = []

    def mark(line: str) -> str:
        marked = []
        for word in line.split():
            number = len(colours) + 1
            colours.append((word, (number % 16 * 15, number // 16 % 16 * 15, number // 256 % 16 * 15)))
            marked.append(f"<span style='color:rgb{colours[-1][1]}'>{escape(word)}</span>")
        return " ".join(marked)

    pdf = _printed(_html(language, lines, mark))
    text = read_text(pdf, "application/pdf")
    scale, words = _DRAWN_DOTS / 72, []
    drawn = [np.asarray(page.render(scale=scale).to_pil().convert("RGB")) for page in pypdfium2.PdfDocument(pdf)]
    for word, colour in colours:
        for image in drawn:
            down, across = np.nonzero((image == np.array(colour, np.uint8)).all(axis=2))
            if len(down):
                box = (across.min(), down.min(), across.max(), down.max())
                words.append((word, tuple(float(side) / scale for side in box)))
                break
    return _boxes(text, words)


def _compared(read: str, written: str) -> dict[str, float]:
    one, other = " ".join(read.split()), " ".join(written.split())
    return {
        "errors": _distance(one, other) / len(other),
        "words": _common(one.split(), other.split()) / len(other.split()),
    }


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance: the fewest characters that must be put in, left out or changed."""
    codes = np.array([ord(character) for character in other])
    row = np.arange(len(other) + 1)
    for at, character in enumerate(one, start=1):
        least = np.concatenate(([at], np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))))
        steps = np.arange(len(other) + 1)
        row = np.minimum.accumulate(least - steps) + steps
    return int(row[-1])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words of `other` stand in `one` in the same order (the longest common subsequence)."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for at, wanted in enumerate(other, start=1):
            here = row[at]
            row[at] = before + 1 if word == wanted else max(row[at], row[at - 1])
            before = here
    return row[-1]


def show(figures: Mapping[str, Any]) -> str:
    """The figures as tables."""
    languages = list(TESSERACT)
    told = []
    for name, title in (
        ("errors", "Characters wrong (%)"),
        ("words", "Words right and in order (%)"),
        ("boxes", "Words whose box lies on them (%)"),
        ("language", "Pages read in their own language (%)"),
    ):
        rows = {way: by for way, by in figures["rows"].items() if any(name in one for one in by.values())}
        told += [f"{title}\n", f"| | {' | '.join(languages)} |", f"| --- |{' ---: |' * len(languages)}"]
        told += [
            f"| {way} | {' | '.join(f'{100 * by[one][name]:.1f}' for one in languages)} |" for way, by in rows.items()
        ]
        told.append("")
    told.append(
        f"OCR by {figures['engine']}."
        + (f" Left out: {', '.join(figures['left_out'])}." if figures["left_out"] else "")
    )
    return "\n".join(told)


if __name__ == "__main__":
    print(json.dumps(run(argparse.Namespace(keep=None, split="test")), indent=2))
