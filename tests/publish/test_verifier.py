"""The stand-alone verifier: on public vectors, and on bundles that this test writes from the format alone."""

from __future__ import annotations

import ast
import base64
import datetime
import hashlib
import importlib.util
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from timestamp_server import Identity

from ascertain.preserve.timestamp_authority import write_request
from ascertain.record.custody.certificates import BadCertificate, check_family
from ascertain.record.custody.checkpoint import Checkpoint, origin_of
from ascertain.record.custody.note import Signer, parse_note, sign_note
from ascertain.record.entries import canonical
from ascertain.record.merkle import frontier_of, leaf_hash
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
    chain = (folder / "ts_chain.pem").read_bytes()  # one of them is DER, whatever its name says
    trusted = program.pem_certificates([str(folder / "ts_chain.pem")]) if chain.startswith(b"-----") else [chain]
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


# What a hostile sender tries


def _note_of(found: dict[str, Any], words: str) -> str:
    return next((note for note in found["notes"] if words in note), "")


def test_beside_roots_that_its_reader_gave_a_bundle_s_own_roots_do_not_count(
    program: ModuleType, authority: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "bundle", authority)
    bundle.files["data/authorities/own.pem"] = authority.root.pem
    bundle.write()
    found = run(program, bundle.folder, capsys)
    assert found["timestamps"] == "1 hold, 0 not checked"
    assert _note_of(found, "this bundle's own")
    (tmp_path / "mine.pem").write_bytes(Identity("My authority").pem)
    found = run(program, bundle.folder, capsys, "--authority", str(tmp_path / "mine.pem"))
    assert found["timestamps"] == "0 hold, 1 not checked"
    assert not _note_of(found, "existed on")


def test_an_intermediate_certificate_that_a_bundle_carries_helps_to_reach_a_given_root(
    program: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = Identity("Root")
    between = Identity("Between", root)
    middle = Identity("Middle", between)
    certificates = [one.certificate.public_bytes(Encoding.DER) for one in (between, middle)]
    roots = {hashlib.sha256(root.certificate.public_bytes(Encoding.DER)).digest()}
    pool = [root.certificate, *map(program.certificate_of, certificates)]
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert program.anchored(middle.certificate, pool, roots, moment) == next(iter(roots)).hex()
    assert program.anchored(middle.certificate, pool, set(), moment) is None


def test_certificates_that_issue_one_another_in_circles_take_little_time(program: ModuleType) -> None:
    left, right = Identity("Left"), Identity("Right")
    pool = []
    for _ in range(12):
        for subject, issuer in ((left, right), (right, left)):
            pool.append(
                x509.CertificateBuilder()
                .subject_name(subject.name)
                .issuer_name(issuer.name)
                .public_key(subject.key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(datetime.datetime(2020, 1, 1))
                .not_valid_after(datetime.datetime(2120, 1, 1))
                .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                .sign(issuer.key, hashes.SHA256())
            )
    begun = time.perf_counter()
    assert program.anchored(pool[0], pool, set(), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)) is None
    assert time.perf_counter() - begun < 5


def test_files_and_objects_that_no_entry_speaks_of_are_problems(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    slipped = hashlib.sha256(b"slipped in").hexdigest()
    bundle.files[f"data/objects/{slipped[:2]}/{slipped[2:]}"] = b"slipped in"
    bundle.files["data/report.html"] = b"a report that nobody signed"
    bundle.write()
    problems = "\n".join(run(program, bundle.folder, capsys)["problems"])
    assert f"object {slipped} is named by no entry" in problems
    assert "data/report.html has no place in a bundle" in problems


def test_a_bundle_without_its_entries_is_none(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("data/entries.jsonl", "data/proofs.jsonl"):
        del bundle.files[name]
    bundle.files["data/bundle.json"] = bundle.files["data/bundle.json"].replace(b'"entries":4', b'"entries":0')
    bundle.write()
    assert "data/entries.jsonl is missing" in str(run(program, bundle.folder, capsys)["problems"])


def test_it_says_that_the_page_and_the_program_itself_are_under_no_signature(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle.files["index.html"] = b"<p>All of this is proven true.</p>"
    bundle.write()
    found = run(program, bundle.folder, capsys, "--key", str(bundle.signer.verifier))
    assert found["verifies"]
    note = _note_of(found, "under no signature")
    assert "index.html" in note
    assert "verify_bundle.py" in note


def test_names_beyond_the_first_plane_are_in_the_order_of_the_standard(program: ModuleType) -> None:
    value = {"\ufb01le.csv": 1, "\U0001f600.csv": 2, "a": {"\uffff": 1, "\U00010000": 2}}
    assert program.plain_json(value) == canonical(value)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=12,
    )
)
def test_its_canonical_form_is_that_of_the_package(program: ModuleType, value: Any) -> None:
    assert program.plain_json({"value": value}) == canonical({"value": value})


def test_a_timestamp_of_an_exhibit_that_is_not_there_is_a_problem(
    program: ModuleType, authority: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "bundle", authority)
    other = hashlib.sha256(b"another").hexdigest()
    said = json.loads(bundle.files["data/timestamps.jsonl"])
    said |= {"subject_kind": "exhibit", "subject": other, "digest": other}
    bundle.files["data/timestamps.jsonl"] = canonical(said) + b"\n"
    bundle.write()
    assert "an exhibit that is not carried" in str(run(program, bundle.folder, capsys)["problems"])


def test_a_key_that_was_not_given_is_not_said_to_have_been(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Signer(bundle.signer.name, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    text = parse_note(bundle.files["data/checkpoint.txt"]).text
    bundle.files["data/checkpoint.txt"] = sign_note(text, [bundle.signer, other]).as_text().encode()
    bundle.files["data/keys.txt"] += f"{other.verifier}\n".encode()
    bundle.write()
    found = run(program, bundle.folder, capsys, "--key", str(bundle.signer.verifier))
    assert found["signed_by"] == f"key {bundle.signer.verifier.key_id}, which you gave"


PARTS = ["proofs.jsonl", "bundle.json", "timestamps.jsonl", "entries.jsonl", "checkpoint.txt", "keys.txt",
         "consistency.jsonl", "authorities/a.pem"]  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    "data",
    [b"[]\n", b"5\n", b"null\n", b'""\n', b"{}\n", b"\xff\n", b"", b"\n", b"[" * 200_000 + b"\n", b'{"seq":1e400}\n',
     b"9" * 10_000 + b"\n", b'{"a":1,"a":2}\n', b'{"subject_kind":"checkpoint","subject":7,"digest":1,"token":[]}\n',
     b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"x" * 2_000_000],
)  # fmt: skip
def test_whatever_stands_in_a_file_the_program_ends_with_a_word(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    bundle.files[f"data/{name}"] = data
    bundle.write()
    found = run(program, bundle.folder, capsys)
    none_is_allowed = data == b"" and name in ("timestamps.jsonl", "consistency.jsonl")
    assert bool(found["problems"]) is not none_is_allowed


def _with_a_checkpoint(bundle: Bundle, **changed: Any) -> None:
    """Add an entry that keeps an earlier checkpoint, over three entries, to the log and to the bundle."""
    note = bundle.checkpoint(3).decode()
    body = {"note": note, "root": frontier_of(bundle.leaves[:3]).root().hex(), "size": 3, **changed}
    bundle.lines.append(canonical({"author": "A. Analyst", "body": body, "format": 1, "kind": "checkpoint.signed",
                                   "seq": 5, "time": "2026-01-01T00:00:05.000000Z"}))  # fmt: skip
    bundle.leaves.append(leaf_hash(bundle.lines[5]))
    carried, root = (0, 1, 2, 4, 5), frontier_of(bundle.leaves).root().hex()
    bundle.files["data/checkpoint.txt"] = bundle.checkpoint(6)
    bundle.files["data/entries.jsonl"] = b"".join(bundle.lines[n] + b"\n" for n in carried)
    bundle.files["data/proofs.jsonl"] = b"".join(
        canonical({"seq": n, "proof": [h.hex() for h in prove_inclusion(bundle.leaves, n, 6)]}) + b"\n" for n in carried
    )
    summary = {**json.loads(bundle.files["data/bundle.json"]), "size": 6, "root": root, "entries": 5}
    bundle.files["data/bundle.json"] = canonical(summary)
    growth = {"from": 3, "proof": [h.hex() for h in prove_consistency(bundle.leaves, 3, 6)]}
    bundle.files["data/consistency.jsonl"] = canonical(growth) + b"\n"


def test_an_earlier_checkpoint_in_the_bundle_must_be_a_state_that_the_record_had(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _with_a_checkpoint(bundle)
    bundle.write()
    assert run(program, bundle.folder, capsys)["verifies"]
    bundle.files["data/consistency.jsonl"] = b""
    bundle.write()
    assert "not proved that the signed record began like this" in str(run(program, bundle.folder, capsys)["problems"])
    lying = Bundle(tmp_path / "lying")
    _with_a_checkpoint(lying, root="0" * 64)
    lying.write()
    assert "the checkpoint of entry 5" in str(run(program, lying.folder, capsys)["problems"])
    other = Bundle(tmp_path / "other")
    _with_a_checkpoint(other, note=other.checkpoint(2).decode())
    other.write()
    assert "another origin, size or root" in str(run(program, other.folder, capsys)["problems"])


def test_an_acquisition_s_note_is_not_taken_for_a_checkpoint(
    program: ModuleType, authority: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "bundle", authority)
    said = json.loads(bundle.files["data/timestamps.jsonl"])
    bundle.files["data/timestamps.jsonl"] = canonical({**said, "subject": "2", "digest": hashlib.sha256().hexdigest()})
    bundle.files["data/timestamps.jsonl"] += b"\n"
    bundle.write()
    assert "of a checkpoint that is not carried" in str(run(program, bundle.folder, capsys)["problems"])


def test_a_note_of_any_length_is_not_taken_into_memory(
    program: ModuleType, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle.files["data/checkpoint.txt"] += b"\n" * program.LARGEST_FILE
    bundle.write()
    assert "larger than" in str(run(program, bundle.folder, capsys)["problems"])


def test_a_crowd_of_certificates_in_a_token_is_refused_by_both_programs(program: ModuleType) -> None:
    signer = Identity("Signer")
    beside = [Identity(f"Beside {number}").certificate for number in range(program.MOST_CERTIFICATES)]
    with pytest.raises(BadCertificate, match="10 are the most"):
        check_family(signer.certificate, beside)
    with pytest.raises(BadCertificate, match="does not belong there"):  # ten are looked at, one by one
        check_family(signer.certificate, beside[:-1])
    assert program.MOST_CERTIFICATES == 11
