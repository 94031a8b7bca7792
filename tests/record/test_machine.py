"""Any sequence of operations: the tables are what the log says, the record verifies, and the past never changes."""

from __future__ import annotations

import datetime
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from ascertain.model.reference import Document, Place
from ascertain.progress import Silent
from ascertain.record.entries import (
    AccessSet,
    Body,
    ClaimJudged,
    ClaimsRead,
    DatasetRead,
    ExhibitAcquired,
    ExhibitDerived,
    ExhibitErased,
    ExhibitPreserved,
    ExhibitSealed,
    GazetteerImported,
    ItemFailed,
    ModelAsked,
    RecipientsSet,
    RecordCreated,
    RelationsFound,
    RowWithdrawn,
    TextRead,
    canonical,
)
from ascertain.record.sealed.exhibit_keys import key_name
from ascertain.record.store import Record, Writer, new_record, open_record
from ascertain.record.tables import DERIVED
from ascertain.record.verify import rebuild, verify
from ascertain.record.view import View, open_view

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
IDS = st.sampled_from(["a", "b", "c"])
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
DAYS = st.sampled_from(["2017-04-04", "2018-04~", "2018-09-03", "2019"])
VIEWED = (None, datetime.date(2018, 4, 30), datetime.date(2019, 12, 31))


class Machine(RuleBasedStateMachine):
    """One record, and what it was seen to say at moments that have passed."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.exhibits: dict[str, list[str]] = {}  # each with the objects that its sealing takes away
        self.sealed: dict[str, list[str]] = {}  # each with the objects that its erasure takes away
        self.past: list[tuple[int, datetime.date | None, dict[str, pa.Table]]] = []
        self.record: Record

    @initialize()
    def begin(self) -> None:
        with new_record(self.folder / "inquiry", 0) as record, record.writing("A. Analyst", START) as writer:
            writer.append(RecordCreated(name="inquiry", software="tests"))
        self.record = open_record(self.folder / "inquiry", 0)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _say(self, *bodies: Body, author: str = "A. Analyst", shift: int = 0) -> None:
        with self.record.writing(author, START + datetime.timedelta(hours=shift)) as writer:
            for body in bodies:
                writer.append(body)

    def _keep(self, data: bytes) -> str:
        return self.record.objects.put(data)

    @rule(data=st.binary(max_size=40), name=WORDS, author=WORDS, shift=st.integers(-48, 48))
    def preserve(self, data: bytes, name: str, author: str, shift: int) -> None:
        """Known bytes are acquired again; the clock may have been set back."""
        if hashlib.sha256(data).hexdigest() in self.sealed:
            return
        exhibit = self._keep(data)
        known = exhibit in self.exhibits
        preserved = ExhibitPreserved(exhibit=exhibit, size=len(data), media_type="text/plain")
        acquired = ExhibitAcquired(exhibit=exhibit, original_name=name)
        self._say(*(acquired,) if known else (preserved, acquired), author=author, shift=shift)
        self.exhibits.setdefault(exhibit, [exhibit])

    @rule(row=IDS, name=WORDS, document=IDS)
    def state_a_place(self, row: str, name: str, document: str) -> None:
        place = Place(id=row, name=name.strip() or "-", document=document, confirmed_by="d", confirmed_from="tests")
        self._state(place)

    @rule(row=IDS, published=DAYS)
    def state_a_document(self, row: str, published: str) -> None:
        self._state(
            Document(
                id=row, party="body", title="A report", published=published, kind="letter", symbol="S/1",
                seen="primary", confirmed_by="d", confirmed_from="tests",
            )
        )  # fmt: skip

    def _state(self, row: Any) -> None:
        with self.record.writing("A. Analyst", START) as writer:
            writer.state("small", row)

    @rule(row=IDS, table=st.sampled_from(["places", "documents"]))
    def withdraw(self, row: str, table: str) -> None:
        self._say(RowWithdrawn(table=table, id=row, reason="a duplicate"))

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data(), number=st.integers(0, 3))
    def read_claims(self, data: st.DataObject, number: int) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.exhibits)))
        seq = self.record.head().size
        claims = [{"id": f"{seq:016}{n:016}", "frame": "attack", "sentence": {"start": n}} for n in range(number + 1)]
        name = self._keep(canonical(claims))
        self._say(ClaimsRead(exhibit=exhibit, reader="reader@1", claims=name, number=len(claims)))
        self.exhibits[exhibit].append(name)

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data(), release=WORDS)
    def read_text_and_rows(self, data: st.DataObject, release: str) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.exhibits)))
        made = [self._keep(f"{what} {exhibit} {self.record.head().size}".encode()) for what in ("text", "map", "rows")]
        self._say(
            TextRead(exhibit=exhibit, reader="text@1", text=made[0], language="ar", characters=5),
            DatasetRead(
                exhibit=exhibit, name="list", release=release, reader="r@1", mapping=made[1], claims=made[2], number=3
            ),
        )
        self.exhibits[exhibit] += made

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data(), reason=WORDS)
    def judge(self, data: st.DataObject, reason: str) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.exhibits)))
        correction = self._keep(f"claim {exhibit} {self.record.head().size}".encode())
        claim = f"{self.record.head().size:032}"
        self._say(
            ClaimJudged(exhibit=exhibit, claim=claim, judgement="corrected", correction=correction, reason=reason),
            ClaimJudged(exhibit=exhibit, claim=claim, judgement="accepted"),
        )
        self.exhibits[exhibit].append(correction)

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data(), model=WORDS)
    def ask_a_model(self, data: st.DataObject, model: str) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.exhibits)))
        prompt, answer = [self._keep(f"{what} {exhibit} {self.record.head().size}".encode()) for what in ("ask", "say")]
        self._say(
            ModelAsked(
                exhibit=exhibit, reader=f"llm:{model}@1", endpoint="http://localhost/v1", model=model, prompt=prompt,
                text="1" * 64, start=0, end=5, answer=answer, attempts=1, tokens_sent=2, tokens_received=3,
                milliseconds=4, cost_millionths=5,
            )
        )  # fmt: skip
        self.exhibits[exhibit] += [prompt, answer]

    @rule(name=WORDS)
    def import_gazetteer(self, name: str) -> None:
        places = self._keep(f"places {self.record.head().size}".encode())
        self._say(GazetteerImported(name=name, version="1", source="s", terms="t", gazetteer=places, number=1))

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data(), access=st.sampled_from(["public", "restricted", "sealed"]))
    def set_access(self, data: st.DataObject, access: Any) -> None:
        subject = data.draw(st.sampled_from(sorted(self.exhibits)))
        self._say(AccessSet(subject_kind="exhibit", subject=subject, access=access, reason="r", authority="a"))

    @precondition(lambda self: len(self.exhibits) > 1)
    @rule(data=st.data(), distance=st.integers(0, 31))
    def relate_and_derive(self, data: st.DataObject, distance: int) -> None:
        pair = data.draw(st.permutations(sorted(self.exhibits)))[:2]
        relations = self._keep(canonical([{"a": pair[0], "b": pair[1], "distance": distance}]))
        self._say(
            RelationsFound(method="pdq@1", threshold=31, relations=relations, number=1),
            ExhibitDerived(exhibit=pair[0], origin=pair[1], method="unpacked@1", details={"path": "a/b"}),
        )

    @precondition(lambda self: self.exhibits)
    @rule(data=st.data())
    def seal_what_lies_in_the_clear(self, data: st.DataObject) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.exhibits)))
        self._seal(exhibit)
        for name in self.exhibits.pop(exhibit):
            self.record.objects.discard(name)

    @rule(data=st.binary(min_size=41, max_size=60))
    def seal_on_intake(self, data: bytes) -> None:
        if (exhibit := hashlib.sha256(data).hexdigest()) not in self.sealed:
            self._seal(exhibit)

    def _seal(self, exhibit: str) -> None:
        kept, particulars = self._keep(f"bytes {exhibit}".encode()), self._keep(f"particulars {exhibit}".encode())
        key = self._wrap(exhibit)
        names = ["R. Registrar"]
        self._say(ExhibitSealed(exhibit=exhibit, object=kept, particulars=particulars, key=key, recipients=names))
        self.sealed[exhibit] = [kept, particulars]

    def _wrap(self, exhibit: str) -> str:
        wrapped = f"key {exhibit} {self.record.head().size}".encode()
        self.record.keys.put(key_name(exhibit, wrapped), wrapped)
        return hashlib.sha256(wrapped).hexdigest()

    @precondition(lambda self: any(self.sealed.values()))
    @rule(data=st.data(), name=WORDS)
    def set_recipients(self, data: st.DataObject, name: str) -> None:
        exhibit = data.draw(st.sampled_from(sorted(one for one, objects in self.sealed.items() if objects)))
        (old,) = self.record.keys.names(exhibit)
        self._say(RecipientsSet(exhibit=exhibit, key=self._wrap(exhibit), recipients=[name], reason="r"))
        self.record.keys.destroy(old)

    @precondition(lambda self: self.sealed)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        exhibit = data.draw(st.sampled_from(sorted(self.sealed)))
        self._say(ExhibitErased(exhibit=exhibit, reason="asked to", authority="the registrar"))
        self.record.keys.forget(exhibit)
        for name in self.sealed[exhibit]:
            self.record.objects.discard(name)
        self.sealed[exhibit] = []

    @rule(reason=WORDS)
    def fail_an_item(self, reason: str) -> None:
        self._say(ItemFailed(stage="preserve", item="a.pdf", code="Unreadable", reason=reason))

    @rule(row=IDS)
    def stop_half_way(self, row: str) -> None:
        """A transaction that ends in an error leaves nothing."""
        before = self.record.head()
        try:
            with self.record.writing("A. Analyst", START) as writer:
                self._half(writer, row)
        except KeyboardInterrupt:
            pass
        assert self.record.head() == before

    def _half(self, writer: Writer, row: str) -> None:
        writer.state("small", Place(id=row, name="half", document="d", confirmed_by="d", confirmed_from="tests"))
        writer.append(RowWithdrawn(table="places", id=row, reason="half"))
        raise KeyboardInterrupt

    @rule()
    def open_again(self) -> None:
        self.record = open_record(self.folder / "inquiry", 0)

    @rule()
    def remember(self) -> None:
        """What the record says now, as of each day, is what it will say of this moment for ever."""
        for as_of in VIEWED:
            seen = open_view(self.record, as_of=as_of)
            self.past.append((seen.as_recorded, as_of, dict(seen.tables)))

    @rule()
    def replay(self) -> None:
        before = self._tables()
        assert rebuild(self.record, Silent()) == self.record.head().size
        assert self._tables() == before

    def _tables(self) -> dict[str, list[Any]]:
        with self.record.reading() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in DERIVED
            }

    @invariant()
    def the_record_verifies(self) -> None:
        if hasattr(self, "record"):
            assert verify(self.record, Silent()).problems == ()

    @invariant()
    def the_past_never_changes(self) -> None:
        for as_recorded, as_of, seen in self.past:
            again: View = open_view(self.record, as_of=as_of, as_recorded=as_recorded)
            assert all(again.tables[name].equals(table) for name, table in seen.items())


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
