"""Whether the seals of a record are as its log says: nothing left in the clear, every key there, no erased key left."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping

from ascertain.record.home.objects import Objects
from ascertain.record.sealed.exhibit_keys import ExhibitKeys
from ascertain.record.sealed.seals import Seal, Seals

FINISH = "run `ascertain protect finish`"


def seal_problems(seals: Seals, keys: ExhibitKeys, objects: Objects, gone: Mapping[str, str]) -> Iterator[str]:
    """What is not as the log says. `gone` has, for each object that must not be there, the exhibit that it was of."""
    for name, exhibit in gone.items():
        if objects.has(name):
            how = "erased" if seals[exhibit].erased else "sealed"
            yield f"exhibit {exhibit} is {how}, but object {name}, which is of it, is still there: {FINISH}"
    for seal in seals.values():
        yield from _key_problems(seal, keys)


def seal_notes(seals: Seals, keys: ExhibitKeys) -> Iterator[str]:
    """What a reader of a verification should know: what was erased, what an interrupted command left."""
    for seal in seals.values():
        if seal.erased:
            yield f"exhibit {seal.exhibit}: {seal.erased.words()}"
    strays = {exhibit for exhibit, _, _ in (name.partition("/") for name in keys.names()) if exhibit not in seals}
    for exhibit in sorted(strays):
        yield f"a key of {exhibit}, which no entry seals, was left by an interrupted command: {FINISH}"


def left_keys(seal: Seal, there: Collection[str]) -> list[str]:
    """The names of an exhibit's keys and marks that lie there and should not."""
    if seal.erased:
        return list(there)
    return [name for name in there if name.endswith(".age") and name != seal.key_name]


def _key_problems(seal: Seal, keys: ExhibitKeys) -> Iterator[str]:
    left = left_keys(seal, list(keys.names(seal.exhibit)))
    if left and seal.erased:
        yield f"exhibit {seal.exhibit} is erased (entry {seal.erased.entry}), but a key of it is still there: {FINISH}"
    elif left:
        yield f"exhibit {seal.exhibit}: a key that counts no longer is still there: {FINISH}"
    if seal.erased:
        return
    wrapped = keys.get(seal.key_name)
    if wrapped is None:
        yield f"exhibit {seal.exhibit}: its key is missing, nobody can open it, and no entry says that it was erased"
    elif hashlib.sha256(wrapped).hexdigest() != seal.key:
        yield f"exhibit {seal.exhibit}: its key has been altered, so that nobody can open it"
