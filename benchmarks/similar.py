"""How well near-duplicates are found, and what a search costs.

    python benchmarks/similar.py                     prints the figures
    python benchmarks/similar.py --json FILE         and writes them
    python benchmarks/similar.py --items 100000      how many items the search of the last part has

Images are made: noise of all sizes laid over one another, as photographs have it, with edges. Each is changed in ways
that pictures undergo, and compared with its changed copies (recall) and with all other images (false matches). Texts
are made of words drawn as often as words are in a language; their changes are those of reposts, corrections and
quotations. Hard pairs are texts of one form with other facts in it: a form filled in twice is no copy.

Everything is drawn from fixed seeds. `pdqhash`, `imagehash`, `datasketch` and `rensa` are compared where installed.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from ascertain.preserve.similar.images import hamming_distance, related_images
from ascertain.preserve.similar.minhash import sign
from ascertain.preserve.similar.pdq import ImagePrint, print_image
from ascertain.preserve.similar.shingles import Numbers, jaccard_distance, shingles
from ascertain.preserve.similar.texts import related_texts

IMAGES, TEXTS = 150, 200
IMAGE_THRESHOLDS, TEXT_THRESHOLDS = (15, 31, 47), (0.1, 0.2, 0.3, 0.5)
Change = Callable[[Image.Image], Image.Image]


def photograph(seed: int) -> Image.Image:
    """A picture of 640 x 480 with structure of every size, and a few edges."""
    drawn = np.random.RandomState(seed)
    layers = np.zeros((480, 640, 3))
    for size in (4, 8, 16, 32, 64, 128):
        noise = drawn.randint(0, 256, (size * 3 // 4, size, 3)).astype(np.uint8)
        layer = Image.fromarray(noise).resize((640, 480), Image.Resampling.BICUBIC)
        layers += np.asarray(layer) / size**0.8
    layers = (layers - layers.min()) / (layers.max() - layers.min()) * 255
    image = Image.fromarray(layers.astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y, w, h = (int(v) for v in drawn.randint((0, 0, 30, 30), (600, 440, 250, 200)))
        pen.rectangle((x, y, x + w, y + h), fill=tuple(int(v) for v in drawn.randint(0, 256, 3)))
    return image


def recompressed(kind: str, **options: Any) -> Change:
    """Written to a file of this kind and read again."""

    def change(image: Image.Image) -> Image.Image:
        out = io.BytesIO()
        image.save(out, kind, **options)
        return Image.open(out).convert("RGB")

    return change


def cropped(share: float) -> Change:
    """Without this share of its width and height, half on each side."""

    def change(image: Image.Image) -> Image.Image:
        x, y = int(image.width * share / 2), int(image.height * share / 2)
        return image.crop((x, y, image.width - x, image.height - y))

    return change


def marked(image: Image.Image) -> Image.Image:
    """With a logo and a caption."""
    copy = image.copy()
    ImageDraw.Draw(copy).text((420, 440), "EXAMPLE NEWS / 7 APRIL", fill="white")
    ImageDraw.Draw(copy).rectangle((10, 10, 90, 40), fill="red")
    return copy


IMAGE_CHANGES: dict[str, Change] = {
    "JPEG, quality 75": recompressed("JPEG", quality=75),
    "JPEG, quality 20": recompressed("JPEG", quality=20),
    "WebP, quality 50": recompressed("WEBP", quality=50),
    "half the size": lambda image: image.resize((320, 240)),
    "a quarter of the size, JPEG": lambda image: recompressed("JPEG", quality=60)(image.resize((160, 120))),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "brighter by 20 %": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "blurred (radius 2)": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "a logo and a caption": marked,
    "cropped by 2 %": cropped(0.02),
    "cropped by 5 %": cropped(0.05),
    "cropped by 10 %": cropped(0.10),
    "a border of 20 pixels": lambda image: ImageOps.expand(image, 20, "black"),
    "turned by 2 degrees": lambda image: image.rotate(2, expand=False),
    "mirrored": ImageOps.mirror,
}


def printed(image: Image.Image) -> ImagePrint:
    """An image's fingerprint."""
    return print_image(np.asarray(image.convert("L")))


def measure_images() -> dict[str, Any]:
    """Recall by change and threshold; false matches among all pairs of different images."""
    originals = [photograph(seed) for seed in range(IMAGES)]
    prints = [printed(image) for image in originals]
    recall = {}
    for name, change in IMAGE_CHANGES.items():
        far = [hamming_distance(one, printed(change(image))) for image, one in zip(originals, prints, strict=True)]
        recall[name] = {str(within): share(d <= within for d in far) for within in IMAGE_THRESHOLDS}
    apart = [hamming_distance(prints[i], prints[j]) for i in range(IMAGES) for j in range(i)]
    false = {str(within): sum(d <= within for d in apart) for within in IMAGE_THRESHOLDS}
    return {"recall": recall, "false": false, "pairs": len(apart), "nearest": min(apart)}


def words(seed: int, number: int) -> list[str]:
    """Words as often as a language has them (Zipf), of a vocabulary of 20,000."""
    drawn = np.random.RandomState(seed)
    return [f"w{int(rank)}" for rank in np.minimum(drawn.zipf(1.3, number), 20_000)]


def replaced(share_: float) -> Callable[[list[str], np.random.RandomState], list[str]]:
    """With other words in place of this share."""

    def change(said: list[str], drawn: np.random.RandomState) -> list[str]:
        copy = list(said)
        for place in drawn.choice(len(copy), max(1, int(len(copy) * share_)), replace=False):
            copy[int(place)] = f"n{drawn.randint(10**9)}"
        return copy

    return change


TEXT_CHANGES: dict[str, Callable[[list[str], np.random.RandomState], list[str]]] = {
    "1 % of the words": replaced(0.01),
    "3 % of the words": replaced(0.03),
    "5 % of the words": replaced(0.05),
    "10 % of the words": replaced(0.10),
    "the last fifth left out": lambda said, _: said[: len(said) * 4 // 5],
    "a paragraph moved": lambda said, _: said[len(said) // 3 :] + said[: len(said) // 3],
    "30 words of a site around it": lambda said, drawn: words(drawn.randint(10**6), 30) + said,
    "quoted in a text twice as long": lambda said, drawn: said + words(drawn.randint(10**6), len(said)),
}


def forms() -> list[list[str]]:
    """Daily reports of one form: of every 30 words 24 are the form's and 6 the day's."""
    form = words(10**6, 150)
    return [
        [own if i % 30 < 6 else said for i, (said, own) in enumerate(zip(form, words(10**7 + day, 150), strict=True))]
        for day in range(100)
    ]


def measure_texts() -> dict[str, Any]:
    """Recall by change and threshold; false matches among different texts, and among texts of one form."""
    originals = [words(seed, 60 + seed % 5 * 120) for seed in range(TEXTS)]
    sets = [shingles(" ".join(said)) for said in originals]
    recall = {}
    for name, change in TEXT_CHANGES.items():
        drawn = np.random.RandomState(1)
        far = [
            jaccard_distance(one, shingles(" ".join(change(said, drawn))))
            for said, one in zip(originals, sets, strict=True)
        ]
        recall[name] = {str(within): share(d <= within for d in far) for within in TEXT_THRESHOLDS}
    return {"recall": recall, "false": false_texts(sets), "false in forms": false_texts(form_sets())}


def form_sets() -> list[Numbers]:
    """The shingles of the daily reports."""
    return [shingles(" ".join(said)) for said in forms()]


def false_texts(sets: list[Numbers]) -> dict[str, Any]:
    """How many pairs of different texts lie within each threshold."""
    apart = [jaccard_distance(sets[i], sets[j]) for i in range(len(sets)) for j in range(i)]
    return {
        "pairs": len(apart),
        "nearest": min(apart),
        **{str(within): sum(d <= within for d in apart) for within in TEXT_THRESHOLDS},
    }


def share(hits: Iterator[bool]) -> float:
    """The share of hits."""
    found = list(hits)
    return round(sum(found) / len(found), 3)


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 4)


def measure_search(items: int) -> dict[str, Any]:
    """Time and memory of comparing so many items at once, and ten more with them."""
    drawn = np.random.RandomState(1)
    bits = drawn.randint(0, 256, (items, 32)).astype(np.uint8)
    bits[1:2000:2] = bits[0:2000:2] ^ (drawn.random((min(items, 2000) // 2, 32)) < 0.04).astype(np.uint8)
    prints = [ImagePrint(one.tobytes(), 100) for one in bits]
    ids = [f"{number:064x}" for number in range(items)]
    out: dict[str, Any] = {"items": items}
    out["images, all at once (s)"] = timed(lambda: related_images(ids, prints))
    out["images, ten new (s)"] = timed(lambda: related_images(ids, prints, items - 10))
    vocabulary = np.array([f"w{number}" for number in range(20_000)])
    texts = [" ".join(vocabulary[np.minimum(drawn.zipf(1.3, 200), 20_000) - 1]) for _ in range(items)]
    sets: list[Numbers] = []
    out["texts of 200 words, shingles (s)"] = timed(lambda: sets.extend(map(shingles, texts)))
    signatures: list[Any] = []
    out["texts, signatures (s)"] = timed(lambda: signatures.extend(map(sign, sets)))
    by_id = dict(zip(ids, sets, strict=True))
    out["texts, all at once (s)"] = timed(lambda: related_texts(ids, signatures, by_id.__getitem__))
    out["texts, ten new (s)"] = timed(lambda: related_texts(ids, signatures, by_id.__getitem__, items - 10))
    out["memory in all (MB)"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return out


def measure_libraries() -> dict[str, Any]:
    """The same work by libraries, where they are installed."""
    grey = np.asarray(photograph(1).convert("L"))
    colours = np.repeat(grey[:, :, None], 3, 2).copy()
    many = [words(seed, 500) for seed in range(200)]
    sets = [shingles(" ".join(said)) for said in many]
    out: dict[str, Any] = {"pdq, ours (ms an image)": per_item(lambda: print_image(grey), 20)}
    if (pdqhash := installed("pdqhash")) is not None:
        out["pdq, pdqhash (ms an image)"] = per_item(lambda: pdqhash.compute(colours), 20)
        ours = [printed(photograph(seed)) for seed in range(40)]
        theirs = [pdqhash.compute(np.asarray(photograph(seed)))[0] for seed in range(40)]
        bits = [np.unpackbits(np.frombuffer(one.bits, np.uint8)) for one in ours]
        out["pdq, bits that differ between the two, most of 40"] = max(
            int((a != b).sum()) for a, b in zip(bits, theirs, strict=True)
        )
    if (imagehash := installed("imagehash")) is not None:
        image = Image.fromarray(grey)
        out["phash of 64 bits, imagehash (ms an image)"] = per_item(lambda: imagehash.phash(image), 20)
    out["minhash of 500 words, ours (ms a text)"] = per_item(lambda: [sign(one) for one in sets], 1) / len(sets)
    if (datasketch := installed("datasketch")) is not None:
        encoded = [[str(n).encode() for n in one] for one in sets]
        hashed = per_item(lambda: datasketch.MinHash.bulk(encoded, num_perm=128), 1) / len(sets)
        out["minhash, datasketch (ms a text)"] = hashed
    if (rensa := installed("rensa")) is not None:
        named = [[str(n) for n in one] for one in sets]
        hashed = per_item(lambda: rensa.RMinHash.from_token_sets(named, num_perm=128, seed=42), 1) / len(sets)
        out["minhash, rensa (ms a text)"] = hashed
    return {name: round(value, 3) for name, value in out.items()}


def installed(name: str) -> Any:
    """A module, or None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def per_item(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of one run, the least of three."""
    return min(timed(lambda: [work() for _ in range(times)]) for _ in range(3)) * 1000 / times


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--items", type=int, default=100_000)
    arguments = parser.parse_args()
    figures = {
        "images": measure_images(),
        "texts": measure_texts(),
        "libraries": measure_libraries(),
        "search": measure_search(arguments.items),
    }
    text = json.dumps(figures, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.write(text)
    if arguments.json:
        arguments.json.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
