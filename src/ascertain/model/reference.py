"""The rows of a reference record: one class a table, each row with the document that states it.

These classes are the single declaration of the tables: the importer validates against them, the record derives its SQL
tables from them, `docs/import-format.md` is generated from them. A field's type says which columns it becomes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ascertain.errors import UsageError
from ascertain.model.count import parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.vocabulary import agents, words


class OneOf:
    """Marks a field whose values come from a closed vocabulary."""

    def __init__(self, vocabulary: str) -> None:
        self.vocabulary = vocabulary

    def __call__(self, value: str) -> str:
        """The value, if it is in the vocabulary. Raises ValueError otherwise."""
        if value not in words(self.vocabulary):
            raise ValueError(f"{value!r} is not one of {', '.join(words(self.vocabulary))}")
        return value


class Refers:
    """Marks a field that names the id of a row of another table (of one of several, in order)."""

    def __init__(self, *tables: str) -> None:
        self.tables = tables


class IsMoment:
    """Marks a field that is an EDTF date; derived tables add its first and last day."""


class IsCount:
    """Marks a field that is a count; derived tables add its bounds."""


def _moment(value: str) -> str:
    if value:
        with _as_value_error():
            parse_moment(value)
    return value


def _count(value: str) -> str:
    if value:
        with _as_value_error():
            parse_count(value)
    return value


@contextmanager
def _as_value_error() -> Iterator[None]:
    """A validator has to raise ValueError: anything else would end the import instead of naming the cell."""
    try:
        yield
    except UsageError as error:
        raise ValueError(f"{error.message} ({error.next_step})" if error.next_step else error.message) from error


def _known_agent(value: str) -> str:
    if value and value not in agents():
        raise ValueError(f"{value!r} is not an agent of the vocabulary ({', '.join(agents())})")
    return value


def _split(value: Any) -> Any:
    return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("yes", "no"):
            raise ValueError(f"{value!r} is neither yes nor no")
        return value == "yes"
    return value


def _number(value: Any) -> Any:
    return None if value == "" else value


MomentText = Annotated[str, AfterValidator(_moment), IsMoment()]
CountText = Annotated[str, AfterValidator(_count), IsCount()]
AgentText = Annotated[str, AfterValidator(_known_agent)]
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Number = Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(_number)]
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_number)]
Longitude = Annotated[Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_number)]
Ident = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}$")]


class Row(BaseModel):
    """A row of the reference record."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    table: ClassVar[str]

    id: Ident


class Sourced(Row):
    """A row that a document states."""

    document: Annotated[Ident, Refers("documents")]
    locator: str = ""
    via: Annotated[Names, Refers("documents")] = ()
    confirmed_by: str = Field(min_length=1)
    confirmed_from: str = Field(min_length=1)
    notes: str = ""


class Document(Row):
    """A published text that rows cite: its own body, symbol, date and address."""

    table: ClassVar[str] = "documents"

    party: Annotated[Ident, Refers("parties")]
    title: str = Field(min_length=1)
    symbol: str = ""
    published: MomentText
    language: str = ""
    kind: Annotated[str, AfterValidator(OneOf("document_kinds"))]
    part_of: Annotated[str, Refers("documents")] = ""
    url: str = ""
    seen: Annotated[str, AfterValidator(OneOf("document_seen"))]
    confirmed_by: str = Field(min_length=1)
    confirmed_from: str = Field(min_length=1)
    notes: str = ""


class Party(Sourced):
    """Whoever speaks, finds, acts or guarantees: bodies, states, forces, groups, organisations."""

    table: ClassVar[str] = "parties"

    name: str = Field(min_length=1)
    aliases: Names = ()
    kind: Annotated[str, AfterValidator(OneOf("party_kinds"))]
    part_of: Annotated[str, Refers("parties")] = ""
    independent: YesNo


class Place(Sourced):
    """A place of the gazetteer, with the precision of its point."""

    table: ClassVar[str] = "places"

    name: str = Field(min_length=1)
    name_ar: str = ""
    aliases: Names = ()
    admin1: str = ""
    pcode: str = ""
    part_of: Annotated[str, Refers("places")] = ""
    lat: Latitude = None
    lon: Longitude = None
    precision_km: Number = None


class Incident(Sourced):
    """A thing that happened or was alleged, or a series that a body concluded on as one."""

    table: ClassVar[str] = "incidents"

    name: str = Field(min_length=1)
    kind: Annotated[str, AfterValidator(OneOf("incident_kinds"))]
    part_of: Annotated[str, Refers("incidents")] = ""
    place: Annotated[Ident, Refers("places")]
    when: Annotated[MomentText, Field(min_length=1)]
    raised_by: Annotated[str, Refers("parties")] = ""


class Finding(Sourced):
    """A body's conclusion on one question about one incident, in its own phrase and on its own ladder."""

    table: ClassVar[str] = "findings"

    incident: Annotated[Ident, Refers("incidents")]
    party: Annotated[Ident, Refers("parties")]
    question: Annotated[str, AfterValidator(OneOf("questions"))]
    answer: Annotated[str, AfterValidator(OneOf("answers"))]
    standard: str = ""
    phrase: str = ""
    agent: AgentText = ""
    actor: Annotated[str, Refers("parties")] = ""
    killed: CountText = ""
    injured: CountText = ""
    scope: Annotated[str, AfterValidator(OneOf("finding_scopes"))] = "incident"


class Position(Sourced):
    """What a party asserts, denies or rejects about an incident or a report: a claim, never a finding."""

    table: ClassVar[str] = "positions"

    party: Annotated[Ident, Refers("parties")]
    incident: Annotated[str, Refers("incidents")] = ""
    about_document: Annotated[str, Refers("documents")] = ""
    stance: Annotated[str, AfterValidator(OneOf("stances"))]
    attributes_to: Annotated[str, Refers("parties")] = ""
    basis: str = ""


class Figure(Sourced):
    """A number that somebody published: people, cases, votes; with the definition that goes with it."""

    table: ClassVar[str] = "figures"

    subject: Annotated[Ident, Refers("places", "zones", "incidents", "parties", "agreements", "documents")]
    measure: Annotated[str, AfterValidator(OneOf("measures"))]
    count: Annotated[CountText, Field(min_length=1)]
    unit: str = ""
    when: MomentText = ""
    actor: Annotated[str, Refers("parties")] = ""
    agent: AgentText = ""
    definition: str = ""


class Zone(Sourced):
    """An area under an agreement."""

    table: ClassVar[str] = "zones"

    name: str = Field(min_length=1)
    aliases: Names = ()
    admin1: Names = ()
    places: Annotated[Names, Refers("places")] = ()
    from_: MomentText = Field(default="", alias="from")
    until: MomentText = ""
    geometry: str = ""
    precision_km: Number = None
    agreement: Annotated[str, Refers("agreements")] = ""


class Agreement(Sourced):
    """A text by which parties bind themselves or a body decides."""

    table: ClassVar[str] = "agreements"

    name: str = Field(min_length=1)
    aliases: Names = ()
    kind: Annotated[str, AfterValidator(OneOf("agreement_kinds"))]
    signed: MomentText = ""
    in_force: MomentText = ""
    ended: MomentText = ""
    zones: Annotated[Names, Refers("zones")] = ()
    place: Annotated[str, Refers("places")] = ""


class Role(Sourced):
    """What a party is to an agreement or a zone: guarantor, signatory, participant."""

    table: ClassVar[str] = "roles"

    agreement: Annotated[Ident, Refers("agreements")]
    zone: Annotated[str, Refers("zones")] = ""
    party: Annotated[Ident, Refers("parties")]
    role: Annotated[str, AfterValidator(OneOf("roles"))]
    from_: MomentText = Field(default="", alias="from")
    until: MomentText = ""


class Register(Sourced):
    """Whether the record holds all of a party's reports or cases, up to which date, and who says so.

    `closed` says that the list can no longer grow: the body's mandate has ended.
    """

    table: ClassVar[str] = "registers"

    party: Annotated[Ident, Refers("parties")]
    kind: Annotated[str, AfterValidator(OneOf("register_kinds"))]
    complete: YesNo
    closed: YesNo = False
    as_of: MomentText = ""
    counts: str = ""


ROWS: tuple[type[Row], ...] = (
    Document, Party, Place, Agreement, Zone, Incident, Finding, Position, Figure, Role, Register,
)  # fmt: skip
ROW_OF_TABLE: dict[str, type[Row]] = {row.table: row for row in ROWS}
