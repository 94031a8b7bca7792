from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.merkle import frontier_of, leaf_hash, node_hash
from ascertain.record.proofs import (
    consistency_spans,
    inclusion_spans,
    is_consistent,
    is_included,
    is_included_in,
    is_subtree,
    node_hashes,
    path,
    prove_consistency,
    prove_inclusion,
)

# Vectors of the transparency-dev project for RFC 6962 (Apache 2.0), when they lie beside the repository.
VECTORS = Path(__file__).parents[2] / "../shared/data/trust/merkle/testdata"
LEAVES = [leaf_hash(f"entry {n}".encode()) for n in range(70)]
ROOTS = [frontier_of(LEAVES[:size]).root() for size in range(71)]


def recursive_path(at: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) as RFC 6962, section 2.1.1 defines it, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = leaves[:split], leaves[split:]
    if at < split:
        return [*recursive_path(at, left), frontier_of(right).root()]
    return [*recursive_path(at - split, right), frontier_of(left).root()]


def recursive_proof(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """PROOF(m, D[n]) by SUBPROOF as RFC 6962, section 2.1.2 defines it, word for word."""
    if old == len(leaves):
        return [] if whole else [frontier_of(leaves).root()]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = leaves[:split], leaves[split:]
    if old <= split:
        return [*recursive_proof(old, left, whole), frontier_of(right).root()]
    return [*recursive_proof(old - split, right, False), frontier_of(left).root()]


def holds(kind: str, v: dict[str, Any]) -> bool:
    b = base64.b64decode
    proof = [b(line) for line in v["proof"] or []]
    match kind:
        case "inclusion":
            return is_included(b(v["leafHash"]), v["leafIdx"], v["treeSize"], proof, b(v["root"]))
        case "consistency":
            return is_consistent(v["size1"], v["size2"], b(v["root1"]), b(v["root2"]), proof)
        case "subtreeinclusion":
            return is_included_in(b(v["leafHash"]), v["leafIdx"], (v["start"], v["end"]), proof, b(v["root"]))
        case _:
            return is_subtree((v["start"], v["end"]), v["size"], b(v["root1"]), b(v["root2"]), proof)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not beside the repository")
@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [("inclusion", 6, 92), ("consistency", 6, 92), ("subtreeinclusion", 12, 192), ("subtreeconsistency", 12, 106)],
)
def test_the_public_vectors_are_accepted_and_refused_as_published(kind: str, good: int, bad: int) -> None:
    vectors = [json.loads(file.read_text()) for file in sorted((VECTORS / kind).rglob("*.json"))]
    assert [v["desc"] for v in vectors if holds(kind, v) == v["wantErr"]] == []
    assert sum(not v["wantErr"] for v in vectors) == good
    assert sum(v["wantErr"] for v in vectors) == bad


def test_every_entry_of_every_log_up_to_seventy_can_be_proved() -> None:
    for size in range(1, 71):
        for index in range(size):
            proof = prove_inclusion(LEAVES, index, size)
            assert list(proof) == recursive_path(index, LEAVES[:size])
            assert is_included(LEAVES[index], index, size, proof, ROOTS[size])


def test_every_growth_up_to_seventy_can_be_proved() -> None:
    for new in range(1, 71):
        for old in range(1, new + 1):
            proof = prove_consistency(LEAVES, old, new)
            assert list(proof) == recursive_proof(old, LEAVES[:new])
            assert is_consistent(old, new, ROOTS[old], ROOTS[new], proof)


@given(st.integers(1, 70), st.data())
def test_an_inclusion_proof_shows_no_other_leaf_place_size_or_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = prove_inclusion(LEAVES, index, size)
    other = data.draw(st.integers(0, 69).filter(lambda n: n != index))
    assert not is_included(LEAVES[other], index, size, proof, ROOTS[size])
    assert not is_included(LEAVES[index], other, size, proof, ROOTS[size])
    another = data.draw(st.integers(1, 70).filter(lambda n: n != size))
    assert not is_included(LEAVES[index], index, size, proof, ROOTS[another])


@given(st.integers(1, 70), st.data())
def test_a_proof_with_a_hash_too_few_too_many_or_of_another_length_is_refused(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    for proof, check in (
        (prove_inclusion(LEAVES, old - 1, size), lambda p: is_included(LEAVES[old - 1], old - 1, size, p, ROOTS[size])),
        (prove_consistency(LEAVES, old, size), lambda p: is_consistent(old, size, ROOTS[old], ROOTS[size], p)),
    ):
        assert check(proof)
        assert not check((*proof, LEAVES[0]))
        assert not check((LEAVES[0], *proof))
        assert not proof or not check(proof[:-1])
        for at, hashed in enumerate(proof):
            assert not check((*proof[:at], hashed[:-1], *proof[at + 1 :]))
            assert not check((*proof[:at], hashed + b"\0", *proof[at + 1 :]))
            assert not check((*proof[:at], bytes([hashed[0] ^ 1]) + hashed[1:], *proof[at + 1 :]))


def test_a_log_with_one_old_entry_changed_is_no_growth() -> None:
    for old in range(1, 40):
        changed = [leaf_hash(b"another"), *LEAVES[1:40]]
        proof = prove_consistency(changed, old, 40)
        assert not is_consistent(old, 40, ROOTS[old], frontier_of(changed).root(), proof)


def test_a_shorter_log_is_no_growth() -> None:
    assert not is_consistent(5, 4, ROOTS[5], ROOTS[4], ())
    with pytest.raises(ValueError, match="no tree of 4 leaves grew from one of 5"):
        prove_consistency(LEAVES, 5, 4)


@pytest.mark.parametrize("index", [-1, 4, 2**70])
def test_what_is_not_in_the_log_cannot_be_proved(index: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        prove_inclusion(LEAVES, index, 4)
    assert not is_included(LEAVES[0], index, 4, (LEAVES[1], node_hash(LEAVES[2], LEAVES[3])), ROOTS[4])


@given(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70), st.lists(st.binary(max_size=40), max_size=80))
def test_any_numbers_and_bytes_are_answered(one: int, other: int, proof: list[bytes]) -> None:
    assert not is_included(LEAVES[0], one, other, proof, LEAVES[1])
    assert not is_consistent(one, other, LEAVES[0], LEAVES[1], proof)


def test_a_proof_as_long_as_a_bomb_is_answered_at_once() -> None:
    assert not is_included(LEAVES[0], 2**62, 2**63, [LEAVES[1]] * 100_000, ROOTS[1])


def test_any_number_of_proofs_needs_one_pass_over_the_leaves() -> None:
    passes = 0

    def once() -> Iterator[bytes]:
        nonlocal passes
        passes += 1
        yield from LEAVES

    spans = {index: inclusion_spans(index, 70) for index in range(70)}
    grown = consistency_spans(33, 70)
    hashes = node_hashes(once(), 70, {(0, 70), *grown, *(span for wanted in spans.values() for span in wanted)})
    assert passes == 1
    assert hashes[0, 70] == ROOTS[70]
    assert is_consistent(33, 70, ROOTS[33], ROOTS[70], path(grown, hashes))
    for index, wanted in spans.items():
        assert is_included(LEAVES[index], index, 70, path(wanted, hashes), ROOTS[70])


def test_fewer_leaves_than_the_tree_has_are_named() -> None:
    with pytest.raises(ValueError, match="there are 3 leaves, not 5"):
        prove_inclusion(LEAVES[:3], 0, 5)


def test_a_span_that_is_no_node_is_named() -> None:
    with pytest.raises(ValueError, match="no node of a tree of 8 leaves"):
        node_hashes(LEAVES, 8, {(1, 3)})


def test_the_proofs_of_a_log_of_a_million_entries_have_at_most_twenty_hashes() -> None:
    assert max(len(inclusion_spans(index, 1_000_000)) for index in (0, 1, 524_287, 524_288, 999_999)) == 20
    assert len(consistency_spans(999_999, 1_000_000)) <= 21
