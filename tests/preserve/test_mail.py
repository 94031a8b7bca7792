from __future__ import annotations

import json
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.errors import ItemFailed
from ascertain.preserve.limits import Allowance, Limits
from ascertain.preserve.mail import mail_members
from ascertain.preserve.member import Member

MAIL, MBOX = "message/rfc822", "application/mbox"
ENVELOPE = b"From desk@example.org Sat Apr  7 12:00:00 2018\n"


def _message(subject: str = "Photographs of Estor", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Field desk <desk@example.org>"
    message["To"] = "archive@example.net"
    message["Date"] = "Sat, 07 Apr 2018 12:00:00 +0000"
    message["Message-ID"] = "<1@example.org>"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("See the files.\n")
    return message


def _facts(found: Any) -> dict[str, Any]:
    assert found.names[0] == "headers.json"
    read: dict[str, Any] = json.loads(found.taken[0][1])
    return read


def test_a_message_is_its_headers_and_its_parts_as_they_were_before_they_were_sent(unpacking: Any) -> None:
    message = _message()
    message.add_alternative("<p>See the files.</p>", subtype="html")
    message.add_attachment(b"\xff\xd8\xff photo", maintype="image", subtype="jpeg", filename="صورة.jpg")
    found = unpacking(message.as_bytes())
    assert found.taken[1:] == [
        ("1.1", b"See the files.\n"), ("1.2", b"<p>See the files.</p>\n"), ("2/صورة.jpg", b"\xff\xd8\xff photo"),
    ]  # fmt: skip
    assert found.facts["2/صورة.jpg"] == {"type": "image/jpeg", "disposition": "attachment"}


def test_the_headers_that_matter_are_facts_in_readable_words(unpacking: Any) -> None:
    message = _message("Снимки \u202e из Эстора")
    facts = _facts(unpacking(message.as_bytes()))["headers"]
    assert facts["from"] == "Field desk <desk@example.org>"
    assert facts["date"] == "Sat, 07 Apr 2018 12:00:00 +0000"
    assert facts["message-id"] == "<1@example.org>"
    assert facts["subject"] == r"Снимки \u202e из Эстора"


def test_every_hop_is_kept_in_its_order_and_a_header_that_comes_twice_is_named(unpacking: Any) -> None:
    hops = b"Received: from b by c;\n Sat, 7 Apr 2018 12:00:02 +0000\nReceived: from a by b\n"
    facts = _facts(unpacking(hops + b"From: one@example.org\n" + _message().as_bytes()))["headers"]
    assert facts["received"] == ["from b by c; Sat, 7 Apr 2018 12:00:02 +0000", "from a by b"]
    assert facts["from"] == "one@example.org"
    assert facts["repeated"] == ["from"]


def test_a_dkim_signature_is_a_fact_that_nobody_has_checked(unpacking: Any) -> None:
    signed = _message(DKIM_Signature="v=1; a=rsa-sha256; d=example.org; s=may; h=from:to; bh=x; b=y")
    assert _facts(unpacking(signed.as_bytes()))["headers"]["dkim-signature"] == [
        {"domain": "example.org", "selector": "may", "algorithm": "rsa-sha256", "verified": "not checked"}
    ]


def test_a_forwarded_message_gives_its_headers_and_its_parts_under_its_number(unpacking: Any) -> None:
    inner = _message("The first report")
    inner.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="report.pdf")
    outer = _message("Fwd")
    outer.add_attachment(inner)
    found = unpacking(outer.as_bytes())
    assert found.names == ["headers.json", "1", "2.1.1", "2.1.2/report.pdf"]
    assert _facts(found)["forwarded"]["2.1"]["subject"] == "The first report"


def test_a_message_of_one_part_is_that_part(unpacking: Any) -> None:
    assert unpacking(_message().as_bytes()).taken[1:] == [("1", b"See the files.\n")]


def test_a_name_of_an_attachment_is_written_out_and_never_a_path(unpacking: Any) -> None:
    message = _message()
    message.add_attachment(b"x", maintype="application", subtype="x", filename="../../.ssh/keys")
    found = unpacking(message.as_bytes())
    assert found.names[-1] == "2/../../.ssh/keys"
    assert found.facts[found.names[-1]]["remarks"] == "parent"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(
            b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(500)),
            "more than 30 deep",
            id="parts_in_parts",
        ),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 500, "more than 30 deep", id="messages_in_messages"),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2000, "more than 1,000", id="many_parts"
        ),
        pytest.param(b'Content-Type: x/y; "' + b";" * 9000 + b"\n\n", "a header Content-Type of", id="a_long_header"),
        pytest.param(b"Subject: x\n\n" + b"\n" * 1_600_000, "lines", id="many_lines"),
        pytest.param(b"Subject: x\n\n" + b"x" * 3_000_000, "larger than 2 MB", id="a_large_message"),
    ],
)
def test_a_message_that_costs_too_much_is_named_and_not_taken_apart(unpacking: Any, data: bytes, reason: str) -> None:
    found = unpacking(data, Limits(message_bytes=2 * 2**20), MAIL)
    assert (found.taken, found.left) == ([], [("", "limit")])
    assert reason in found.reasons[0]


def test_hostile_encoded_words_are_left_as_they_stand(unpacking: Any) -> None:
    for subject in (b"=?a?q?" * 20_000, b"=?utf-8?b?AAA?=", b"=?rot13?q?abc?=", b"=?nothing?q?=FF?=", b"=?hex?q?zz?="):
        assert _facts(unpacking(b"Subject: " + subject + b"\n\nx", media_type=MAIL))["headers"]["subject"]


def test_a_mailbox_is_its_messages_as_the_bytes_that_lie_there(unpacking: Any) -> None:
    one, two = b"Subject: 1\n\n>From here on\nFrom within\n", b"Subject: 2\r\n\r\nbody\r\n"
    found = unpacking(
        ENVELOPE + one + b"\n" + ENVELOPE + two + b"\r\n" + ENVELOPE + b"Subject: 3\n\nend", media_type=MBOX
    )
    assert found.taken == [("1", one), ("2", two), ("3", b"Subject: 3\n\nend")]
    assert found.facts["1"] == {"envelope": ENVELOPE.decode().strip()}


def test_a_line_that_only_begins_like_an_envelope_ends_no_message(unpacking: Any) -> None:
    body = b"Subject: 1\n\nWe came home.\n\nFrom there we went to Estor.\n"
    assert unpacking(ENVELOPE + body, media_type=MBOX).taken == [("1", body)]


def test_a_mailbox_with_a_line_without_an_end_is_one_message(unpacking: Any) -> None:
    line = b"x" * 3_000_000
    assert unpacking(ENVELOPE + line, media_type=MBOX).taken == [("1", line)]


def test_a_member_of_a_mailbox_that_nobody_read_does_not_hide_the_next() -> None:
    from ascertain.preserve.mbox import mbox_members

    data = ENVELOPE + b"Subject: 1\n\nx\n\n" + ENVELOPE + b"Subject: 2\n\ny\n"
    names = [member.name for member in mbox_members(BytesIO(data), Allowance(Limits(), len(data)))]
    assert names == ["1", "2"]


SAMPLE = _message()
SAMPLE.add_attachment(b"x" * 200, maintype="application", subtype="pdf", filename="a.pdf")
SAMPLE.add_attachment(_message("inner"))
_LINES = st.sampled_from(
    """Content-Type: multipart/mixed; boundary="b"
Content-Type: text/plain; charset=nothing
Content-Type: message/rfc822
Content-Type: message/delivery-status
Content-Type: multipart/mixed; boundary*=x''\xff
Content-Transfer-Encoding: base64
Content-Transfer-Encoding: x-uuencode
Content-Disposition: attachment; filename*0*=utf-8''a; filename*1=
Content-Disposition: ; filename*=
Subject: =?unicode_escape?q?=5Cx?=
To: <<,;:@
--b
--b--

begin 666 a
=?utf-8?q?
 folded
:
From a
\xff\xfe""".encode("latin-1").split(b"\n")
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.lists(_LINES, max_size=30).map(b"\n".join)))
def test_any_bytes_are_taken_apart_or_named(unpacking: Any, data: bytes) -> None:
    for kind in (MAIL, MBOX):
        unpacking(data, media_type=kind)
        unpacking(ENVELOPE + data, media_type=kind)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_to_a_message_raises_only_what_is_ours(data: st.DataObject) -> None:
    sample = bytearray(SAMPLE.as_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    try:
        for member in mail_members(BytesIO(bytes(sample)), Allowance(Limits(), len(sample))):
            if isinstance(member, Member):
                assert json.dumps(dict(member.facts)).encode()
                b"".join(member.chunks)
    except ItemFailed as error:
        assert error.why in {"damaged", "limit"}
