"""The stand-alone verifier: on public vectors, and on bundles that this test writes from the format alone."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.timestamp_authority import write_request
from ascertain.record.checkpoint import Checkpoint, origin_of
from ascertain.record.entries import canonical
from ascertain.record.merkle import frontier_of, leaf_hash
from ascertain.record.note import Signer, sign_note
from ascertain.record.proofs import prove_consistency, prove_inclusion

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "src/ascertain/publish/verifier/verify_bundle.py"
TRUST = ROOT / "../shared/data/trust"
SEED = 20130821
beside = pytest.mark.skipif(not TRUST.is_dir(), reason="the shared vectors are not beside the repository")


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_bundle", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# It stands alone


def test_it_imports_the_standard_library_and_cryptography_and_nothing_else() -> None:
    names = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text("utf-8"), feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).partition(".")[0])
    assert names - sys.stdlib_module_names == {"cryptography"}


# Public vectors


def _verdict(program: ModuleType, action: Callable[..., Any], *arguments: Any) -> bool:
    try:
        action(*arguments)
    except program.Bad:
        return False
    return True


@beside
@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_it_agrees_with_every_public_merkle_vector(program: ModuleType, kind: str) -> None:
    b, number = base64.b64decode, 0
    for file in sorted((TRUST / "merkle/testdata" / kind).rglob("*.json")):
        v = json.loads(file.read_text())
        path = [b(line) for line in v["proof"] or []]
        if kind == "inclusion":
            arguments = (v["leafIdx"], v["treeSize"], b(v["leafHash"]), path, b(v["root"]))
            held = _verdict(program, program.check_inclusion, *arguments)
        elif v["size1"] == 0:
            continue  # the format has no proof from an empty tree
        else:
            arguments = (v["size1"], v["size2"], path, b(v["root1"]), b(v["root2"]))
            held = _verdict(program, program.check_consistency, *arguments)
        assert held is not v["wantErr"], file
        number += 1
    assert number > 80


@beside
def test_of_914_edge_cases_of_ed25519_it_accepts_the_one_without_a_flaw(program: ModuleType) -> None:
    vectors = json.loads((TRUST / "ed25519/ed25519vectors.json").read_text())
    cases = [(bytes.fromhex(v["key"]), bytes.fromhex(v["sig"]), v["msg"].encode()) for v in vectors]
    accepted = [v["flags"] for v, case in zip(vectors, cases, strict=True) if program.ed25519_holds(*case)]
    assert accepted == [None]


RESPONSES = {
    "sigstage/response-sha256.tsr": "holds",
    "sigstage/response-invalid-signature.tsr": "Bad",
    "sigstage/response-no-embedded-cert.tsr": "holds",
    "sigstore.mock/response-expired.tsr": "holds",  # its certificate has expired since
    "test_tsa/other_response.tsr": "Bad",  # these three are of SHA-512, which a record never asks for
    "test_tsa/response.tsr": "Bad",
    "identrust/issue-104.tsr": "Bad",
}


@beside
@pytest.mark.parametrize("name", RESPONSES)
def test_the_public_timestamps_hold_or_are_refused(program: ModuleType, name: str) -> None:
    folder = (TRUST / "rfc3161" / name).parent
    payload = (folder / "payload").read_bytes() if (folder / "payload").exists() else b"hello"
    trusted = program.pem_certificates([str(folder / "ts_chain.pem")])
    try:
        response = (TRUST / "rfc3161" / name).read_bytes()
        _, root = program.timestamp_time(response, hashlib.sha256(payload).digest(), trusted)
        found = "holds" if root else "not anchored"
    except program.Bad:
        found = "Bad"
    assert found == RESPONSES[name]


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_timestamp_or_refused(program: ModuleType, data: bytes) -> None:
    try:
        program.timestamp_time(data, bytes(32), [])
    except (program.Bad, ValueError, IndexError):
        return
    pytest.fail("random bytes were taken for a timestamp")


# Bundles


class Bundle:
    """A small bundle written from the format: entries, proofs, a signed checkpoint, an object, a timestamp."""

    def __init__(self, folder: Path, authority: Any = None, carried: tuple[int, ...] = (0, 1, 2, 4)) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}
        data = b"a report"
        exhibit = hashlib.sha256(data).hexdigest()
        bodies: list[tuple[str, dict[str, Any]]] = [
            ("record.created", {"name": "inquiry", "software": "tests"}),
            ("exhibit.preserved", {"exhibit": exhibit, "media_type": "text/plain", "size": len(data)}),
            ("exhibit.acquired", {"exhibit": exhibit, "note": "", "original_name": "r\u00e9port.txt",
                                  "published": "", "source": "", "url": ""}),
            ("exhibit.acquired", {"exhibit": "0" * 64, "note": "withheld", "original_name": "a witness",
                                  "published": "", "source": "", "url": ""}),
            ("row.withdrawn", {"id": "x", "reason": "a duplicate", "table": "places"}),
        ]  # fmt: skip
        self.lines = [
            canonical({"author": "A. Analyst", "body": body, "format": 1, "kind": kind, "seq": seq,
                       "time": f"2026-01-01T00:00:0{seq}.000000Z"})
            for seq, (kind, body) in enumerate(bodies)
        ]  # fmt: skip
        self.leaves = [leaf_hash(line) for line in self.lines]
        origin = origin_of(self.leaves[0])
        self.signer = Signer(origin, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
        self.size, root = len(self.lines), frontier_of(self.leaves).root()
        note = self.checkpoint(self.size)
        proofs = {seq: prove_inclusion(self.leaves, seq, self.size) for seq in carried}
        self.files = {
            "data/checkpoint.txt": note,
            "data/keys.txt": f"{self.signer.verifier}\n".encode(),
            "data/entries.jsonl": b"".join(self.lines[seq] + b"\n" for seq in carried),
            "data/proofs.jsonl": b"".join(
                canonical({"seq": seq, "proof": [h.hex() for h in proofs[seq]]}) + b"\n" for seq in carried
            ),
            "data/bundle.json": canonical(
                {"format": 1, "origin": origin, "size": self.size, "root": root.hex(), "entries": len(carried)}
            ),
            f"data/objects/{exhibit[:2]}/{exhibit[2:]}": data,
            "data/consistency.jsonl": canonical(
                {"from": 3, "proof": [h.hex() for h in prove_consistency(self.leaves, 3, self.size)]}
            ) + b"\n",
            "verify_bundle.py": PROGRAM.read_bytes(),
        }  # fmt: skip
        if authority is not None:
            self._stamp(authority, hashlib.sha256(note).digest())
        self.write()

    def checkpoint(self, size: int, leaves: list[bytes] | None = None) -> bytes:
        root = frontier_of((leaves or self.leaves)[:size]).root()
        return sign_note(Checkpoint(self.signer.name, size, root).as_text(), [self.signer]).as_text().encode()

    def _stamp(self, authority: Any, digest: bytes) -> None:
        response = bytes(authority.answer(write_request(digest, 1 << 62)))
        token = hashlib.sha256(response).hexdigest()
        self.files[f"data/objects/{token[:2]}/{token[2:]}"] = response
        moment = next(line for line in _openssl_text(response).splitlines() if "Time stamp" in line)
        said = {"subject_kind": "checkpoint", "subject": str(self.size), "digest": digest.hex(), "token": token,
                "authority": authority.url, "time": _as_time(moment)}  # fmt: skip
        self.files["data/timestamps.jsonl"] = canonical(said) + b"\n"

    def write(self) -> None:
        """Write the files, and a bag's own around them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        files = {"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", **self.files}
        for name, inside in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
            listed = {path: data for path, data in files.items() if path.startswith("data/") is inside}
            lines = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(listed.items()))
            files[name] = "".join(lines).encode()
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)


def _openssl_text(response: bytes) -> str:
    command = ["openssl", "ts", "-reply", "-in", "/dev/stdin", "-text"]
    return subprocess.run(command, input=response, capture_output=True, check=True).stdout.decode()


def _as_time(line: str) -> str:
    from email.utils import parsedate_to_datetime

    month, day, clock, year = line.partition(": ")[2].removesuffix(" GMT").split()
    clock = clock.partition(".")[0]
    return f"{parsedate_to_datetime(f'{day} {month} {year} {clock} +0000'):%Y-%m-%dT%H:%M:%S.000000Z}"


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return Bundle(tmp_path / "bundle")


def run(program: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = program.main([str(folder), "--json", *words])
    found = json.loads(capsys.readouterr().out)
    assert code == (0 if found["verifies"] else 4)
    return dict(found)


def test_it_runs_by_itself_where_nothing_is_installed_but_cryptography(bundle: Bundle, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "verify_bundle.py"]
    done = subprocess.run(command, cwd=bundle.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The bundle verifies.\n")
    assert "whose key that is, nobody can see here" in done.stdout
    assert "1 of the record's 5 entries are not in this bundle" in done.stdout


def test_a_bundle_is_held_against_the_key_that_its_reader_has(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(program, bundle.folder, capsys, "--key", str(bundle.signer.verifier))["verifies"]
    other = Signer(bundle.signer.name, Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier
    (problem,) = run(program, bundle.folder, capsys, "--key", str(other))["problems"]
    assert "not signed by the key that you gave" in problem


def test_an_earlier_checkpoint_is_extended_or_not(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for size, leaves, verifies in (
        (3, None, True), (5, None, True), (2, None, False), (3, bundle.leaves[::-1], False), (9, None, False),
    ):  # fmt: skip
        (tmp_path / "noted").write_bytes(bundle.checkpoint(size, leaves))
        found = run(program, bundle.folder, capsys, "--since", str(tmp_path / "noted"))
        assert found["verifies"] is verifies, (size, found)


def test_a_whole_log_is_compared_with_any_earlier_checkpoint(
    program: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = Bundle(tmp_path / "whole", carried=(0, 1, 2, 4))
    whole.files["data/entries.jsonl"] = b"".join(line + b"\n" for line in whole.lines)
    whole.files["data/proofs.jsonl"] = b"".join(
        canonical({"seq": n, "proof": [h.hex() for h in prove_inclusion(whole.leaves, n, 5)]}) + b"\n" for n in range(5)
    )
    whole.files["data/bundle.json"] = whole.files["data/bundle.json"].replace(b'"entries":4', b'"entries":5')
    whole.write()
    for size in range(1, 6):
        (tmp_path / "noted").write_bytes(whole.checkpoint(size))
        assert run(program, whole.folder, capsys, "--since", str(tmp_path / "noted"))["verifies"]


def test_a_timestamp_is_anchored_by_a_root_or_said_not_to_be(
    program: ModuleType, authority: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = Bundle(tmp_path / "bundle", authority).folder
    found = run(program, folder, capsys)
    assert found["verifies"]
    assert found["timestamps"] == "0 hold, 1 not checked"
    (tmp_path / "roots.pem").write_bytes(authority.root.pem)
    found = run(program, folder, capsys, "--authority", str(tmp_path / "roots.pem"))
    assert found["timestamps"] == "1 hold, 0 not checked"
    assert any("existed on" in note for note in found["notes"])
    assert any("nothing about what they say" in note for note in found["notes"])


def test_a_flipped_bit_in_any_file_is_noticed(
    program: ModuleType, authority: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    folder = Bundle(tmp_path / "bundle", authority).folder
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole = path.read_bytes()
        for _ in range(12):
            changed = bytearray(whole)
            changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            assert run(program, folder, capsys)["problems"], path
        path.write_bytes(whole)
    assert run(program, folder, capsys)["verifies"]


def _replace(name: str, old: bytes, new: bytes) -> Callable[[Bundle], None]:
    def change(bundle: Bundle) -> None:
        assert old in bundle.files[name]
        bundle.files[name] = bundle.files[name].replace(old, new)

    return change


def _swap(bundle: Bundle) -> None:
    for name in ("data/entries.jsonl", "data/proofs.jsonl"):
        lines = bundle.files[name].splitlines(keepends=True)
        bundle.files[name] = b"".join([lines[1], lines[0], *lines[2:]])


def _drop_object(bundle: Bundle) -> None:
    del bundle.files[next(name for name in bundle.files if name.startswith("data/objects/"))]


ALTERED = {
    "an_entry_altered": (_replace("data/entries.jsonl", b"duplicate", b"triplicate"), "does not lead to"),
    "a_proof_of_another": (_replace("data/proofs.jsonl", b'"seq":4', b'"seq":3'), "its proof is of entry 3"),
    "a_summary_that_lies": (_replace("data/bundle.json", b'"size":5', b'"size":6'), "another origin, size or root"),
    "a_count_that_lies": (_replace("data/bundle.json", b'"entries":4', b'"entries":5'), "speaks of 5 entries"),
    "a_name_twice": (_replace("data/entries.jsonl", b'"table":', b'"table":"parties","table":'), "stands twice"),
    "not_canonical": (_replace("data/entries.jsonl", b'"format":1,', b'"format": 1,'), "canonical"),
    "entries_out_of_order": (_swap, "does not come after"),
    "an_object_gone": (_drop_object, "which entry 1 names, is missing"),
    "no_checkpoint": (lambda bundle: bundle.files.pop("data/checkpoint.txt"), "nothing is signed"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_a_bundle_made_anew_around_an_altered_part_is_refused(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    change, problem = ALTERED[name]
    change(bundle)
    bundle.write()
    found = run(program, bundle.folder, capsys)
    assert any(problem in text for text in found["problems"]), found["problems"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("../outside", id="above"),
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("~/secret", id="home"),
        pytest.param("data/./a", id="dot"),
        pytest.param("data\\a", id="backslash"),
        pytest.param("data/a\0b", id="nul"),
    ],
)
def test_a_path_out_of_scope_is_refused(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    with (bundle.folder / "manifest-sha256.txt").open("a") as manifest:
        manifest.write(f"{'0' * 64}  {line}\n")
    (problem,) = run(program, bundle.folder, capsys)["problems"]
    assert "out of scope" in problem


def test_a_link_is_refused(program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle.folder / "data/link").symlink_to("/etc/passwd")
    (problem,) = run(program, bundle.folder, capsys)["problems"]
    assert "a link" in problem


def test_a_folder_that_is_no_bundle_is_refused_and_bad_words_are_usage(
    program: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert not run(program, tmp_path, capsys)["verifies"]
    for words in ([str(tmp_path / "nowhere")], [str(tmp_path), "--key", "a key"]):
        with pytest.raises(SystemExit) as caught:
            program.main(words)
        assert caught.value.code == 2
