"""Commands that train small models from examples, and read with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.options import DebugOption, JsonOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.jobs.files import read_file
from ascertain.read.incidents import Example, dump, parse_examples, train

commands = typer.Typer()
_EXAMPLES_MB: Final = 512


@commands.command("train", epilog="Example: `ascertain read train examples/ --out incidents.model`")
def train_(
    folder: Annotated[Path, typer.Argument(help="A folder of examples: .json and .jsonl files, a document a line.")],
    output: Annotated[Path, typer.Option("--out", help="Where to write the model; it must not be there yet.")],
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Train a reader of incidents from examples. Minutes for a thousand texts; the same files give the same bytes.

    The F1 that is told is of texts read by models that had not seen them, with limits chosen on the same texts: a new
    text is read a little worse.
    """

    def work() -> int:
        if output.exists():
            raise errors.UsageError(f"{output} is there already", next_step="choose another name for the model")
        examples = _examples(folder)
        err.print(Text(f"training on {len(examples)} documents"))
        model = train(examples)
        try:
            output.write_bytes(dump(model))
        except OSError as error:
            raise errors.UsageError(f"{output} cannot be written: {error.strerror}") from error
        told = {"documents": len(examples), "types": list(model.types), "held_out_f1": round(model.held_out_f1, 4)}
        if as_json:
            print_json({"model": str(output), **told})
        else:
            out.print(
                Text(f"{shown(str(output))}: {len(examples)} documents, held-out F1 {100 * model.held_out_f1:.1f}")
            )
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _examples(folder: Path) -> list[Example]:
    """The examples of a folder's files, in the order of their names."""
    if not folder.is_dir():
        raise errors.UsageError(f"there is no folder {folder}")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".jsonl") and path.is_file())
    examples: list[Example] = []
    for path in files:
        try:
            text = read_file(path, _EXAMPLES_MB).decode("utf-8")
        except UnicodeDecodeError as error:
            raise errors.BadTraining(f"{path} is not UTF-8", next_step="save it as UTF-8") from error
        try:
            examples.extend(parse_examples(text.splitlines()))
        except errors.BadTraining as error:
            raise errors.BadTraining(f"{path.name}: {error.message}", next_step=error.next_step) from error
    return examples
