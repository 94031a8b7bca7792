from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.merkle import EMPTY_ROOT, Frontier, frontier_of, leaf_hash, node_hash

# Vectors of the transparency-dev project for RFC 6962 (Apache 2.0), when they lie beside the repository.
VECTORS = Path(__file__).parents[2] / "../shared/data/trust/merkle/testdata"

# The eight leaves of the RFC 6962 test tree of Certificate Transparency, and its roots.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962, section 2.1 defines it, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = recursive_root(leaves[:split]), recursive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: list[bytes]) -> bytes:
    return frontier_of(leaf_hash(leaf) for leaf in leaves).root()


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_of_the_certificate_transparency_tree(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_the_frontier_equals_the_recursive_definition_for_every_size_to_three_hundred() -> None:
    leaves = [f"entry {n}".encode() for n in range(300)]
    frontier = Frontier()
    for size in range(301):
        assert frontier.size == size
        assert len(frontier.peaks) == size.bit_count()
        assert frontier.root() == recursive_root(leaves[:size])
        if size < 300:
            frontier = frontier.add(leaf_hash(leaves[size]))


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_frontier_equals_the_recursive_definition_for_any_leaves(leaves: list[bytes]) -> None:
    assert root_of(leaves) == recursive_root(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=30), st.data())
def test_one_changed_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:at], leaves[at] + b"!", *leaves[at + 1 :]]
    assert root_of(changed) != root_of(leaves)


def test_adding_a_leaf_leaves_the_tree_before_it_as_it_was() -> None:
    before = frontier_of([leaf_hash(b"a"), leaf_hash(b"b")])
    root = before.root()
    before.add(leaf_hash(b"c"))
    assert before.root() == root


def test_a_leaf_that_looks_like_a_node_has_another_hash() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def _vectors(kind: str) -> list[Path]:
    return sorted(VECTORS.glob(f"{kind}/*/happy-path.json"))


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not beside the repository")
@pytest.mark.parametrize("file", _vectors("consistency"), ids=lambda file: file.parent.name)
def test_the_published_roots_of_consistency_vectors(file: Path) -> None:
    vector = json.loads(file.read_text())
    for size, root in (("size1", "root1"), ("size2", "root2")):
        if vector[size] <= len(LEAVES):
            assert root_of(LEAVES[: vector[size]]) == base64.b64decode(vector[root])


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not beside the repository")
@pytest.mark.parametrize("file", _vectors("inclusion"), ids=lambda file: file.parent.name)
def test_the_published_leaves_and_roots_of_inclusion_vectors(file: Path) -> None:
    vector = json.loads(file.read_text())
    assert leaf_hash(LEAVES[vector["leafIdx"]]) == base64.b64decode(vector["leafHash"])
    assert root_of(LEAVES[: vector["treeSize"]]) == base64.b64decode(vector["root"])
