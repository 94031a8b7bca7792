"""Commands that train small models from examples, and read with them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.options import DebugOption, JsonOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.jobs.files import read_file
from ascertain.read.entities import read_annotated, save_model, train_entities
from ascertain.read.incidents import Example, dump, parse_examples, train


class What(StrEnum):
    """What a model finds."""

    INCIDENTS = "incidents"
    ENTITIES = "entities"


commands = typer.Typer()
_EXAMPLES_MB: Final = 512


@commands.command("train", epilog="Example: `ascertain read train examples/ --out incidents.model`")
def train_(
    folder: Annotated[Path, typer.Argument(help="A folder of examples: .json and .jsonl files, a document a line.")],
    output: Annotated[Path, typer.Option("--out", help="Where to write the model; it must not be there yet.")],
    what: Annotated[
        What, typer.Option("--what", help="`incidents`, or `entities` from documents.json and entities.json.")
    ] = What.INCIDENTS,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Train a reader of incidents, or of entities, from examples. The same files give the same bytes.

    Incidents take minutes for a thousand texts, entities seconds for ten thousand words. The F1 that is told of
    incidents is of texts read by models that had not seen them, with limits chosen on the same texts: a new text is
    read a little worse.
    """

    def work() -> int:
        if output.exists():
            raise errors.UsageError(f"{output} is there already", next_step="choose another name for the model")
        if what is What.ENTITIES:
            told = _train_entities(folder, output)
            print_json(told) if as_json else out.print(Text(f"{shown(str(output))}: {told['documents']} documents"))
            return errors.DONE
        examples = _examples(folder)
        err.print(Text(f"training on {len(examples)} documents"))
        model = train(examples)
        _write(output, dump(model))
        told = {"documents": len(examples), "types": list(model.types), "held_out_f1": round(model.held_out_f1, 4)}
        if as_json:
            print_json({"model": str(output), **told})
        else:
            out.print(
                Text(f"{shown(str(output))}: {len(examples)} documents, held-out F1 {100 * model.held_out_f1:.1f}")
            )
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _train_entities(folder: Path, output: Path) -> dict[str, Any]:
    texts = read_annotated(folder)
    err.print(Text(f"training on {len(texts)} documents"))
    model = train_entities(texts, name=output.stem)
    _write(output, save_model(model))
    types = sorted({label[2:] for label in model.whole.labels if label != "O"})
    return {"model": str(output), "documents": len(texts), "types": types}


def _write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise errors.UsageError(f"{output} cannot be written: {error.strerror}") from error


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
