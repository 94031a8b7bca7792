"""How well `ascertain read` reads: one command a part, each with its data, its peers and its limits.

    python benchmarks/read.py languages
    python benchmarks/read.py muc4 --data FOLDER
    python benchmarks/read.py --data FOLDER --json FILE

A part is a module of benchmarks/reading with `add_arguments`, `run` and `show`. Without a part's name, every part that
needs nothing else is run, and those whose data are not at hand are named. FOLDER is the folder that holds `muc4`,
`re3d`, `petrarch2` and so on; what may not ship is never in the repository.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parent))
PARTS = {
    name: f"reading.{name.replace('-', '_')}"
    for name in (
        "text", "anchor", "when", "places", "tolls", "surety", "entities", "languages", "petrarch", "datasets", "llm",
        "speed", "muc4", "muc4-score",
    )
}  # fmt: skip
NOT_ALONE = frozenset({"muc4-score"})  # they need files that only a person can name


class DataMissing(Exception):
    """The data of a part are not at hand."""


def main() -> int:
    """Run the part that the command line names, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder with the data sets")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parts = parser.add_subparsers(dest="part", metavar="PART")
    present = {name: module for name in PARTS if (module := _module(name)) is not None}
    for name, module in present.items():
        part = parts.add_parser(name, help=(module.__doc__ or "").strip().splitlines()[0], description=module.__doc__)
        part.add_argument("--data", type=Path, default=argparse.SUPPRESS, help="the folder with the data sets")
        part.add_argument("--json", type=Path, default=argparse.SUPPRESS, help="write the figures here")
        module.add_arguments(part)
    args = parser.parse_args()
    figures = {}
    for name in [args.part] if args.part else [name for name in present if name not in NOT_ALONE]:
        given = args if args.part else parser.parse_args([name, *(["--data", str(args.data)] if args.data else [])])
        try:
            figures[name] = present[name].run(given)
        except (DataMissing, FileNotFoundError) as error:
            print(f"## {name}\n\nleft out: {error}\n", flush=True)
            continue
        print(f"## {name}\n\n{present[name].show(figures[name])}\n", flush=True)
    if args.json is not None:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0 if figures else 1


def _module(name: str) -> ModuleType | None:
    path = Path(__file__).parent / (PARTS[name].replace(".", "/") + ".py")
    module = importlib.import_module(PARTS[name]) if path.exists() else None
    return module if hasattr(module, "run") else None


if __name__ == "__main__":
    sys.exit(main())
