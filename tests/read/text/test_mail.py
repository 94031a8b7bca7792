"""A message says what its sender wrote; what it quotes is another's, and an attachment is an exhibit of its own."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.errors import UnreadableExhibit
from ascertain.read.text import read_text
from ascertain.read.text.mail import read_mail
from ascertain.read.text.passage import Text


def _message(plain: str | None = None, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Press Office <press@example.org>", "Subject": "On Estor", **headers}.items():
        message[name] = value
    message["Date"] = "Mon, 03 Sep 2018 23:30:00 +0300"
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html") if plain is not None else message.set_content(
            html, subtype="html"
        )
    return message


def _blocks(text: Text) -> list[tuple[str, str]]:
    return [(block.kind, text.body[block.start : block.end]) for block in text.blocks]


def test_sender_date_and_subject_are_those_of_the_headers_and_stand_in_the_body() -> None:
    text = read_mail(bytes(_message("The army hit the town.\n")))
    assert (text.title, text.publisher, text.published) == (
        "On Estor",
        "Press Office <press@example.org>",
        "2018-09-03",
    )
    assert text.published_span is not None
    assert text.body[slice(*text.published_span)] == "Mon, 03 Sep 2018 23:30:00 +0300"
    assert _blocks(text)[0] == ("heading", "On Estor")
    assert _blocks(text)[-1] == ("paragraph", "The army hit the town.")
    assert any("nothing of them is verified" in note for note in text.notes)


def test_encoded_headers_are_read_as_people_read_them() -> None:
    text = read_mail(bytes(_message("Words.", Subject="قصف سراقب")))
    assert text.title == "قصف سراقب"


def test_quoted_replies_are_quotes_and_the_signature_is_not_what_is_said() -> None:
    plain = (
        "We do not confirm this.\n\nOn 2 September 2018, A. Writer wrote:\n> The army hit\n> the town.\n>\n"
        "> Nobody denies it.\n\nNor do we deny it.\n\n-- \nThe office\n"
    )
    assert _blocks(read_mail(bytes(_message(plain))))[3:] == [
        ("paragraph", "We do not confirm this."),
        ("quote", "On 2 September 2018, A. Writer wrote: The army hit the town."),
        ("quote", "Nobody denies it."),
        ("paragraph", "Nor do we deny it."),
        ("meta", "-- The office"),
    ]


def test_all_behind_the_mark_of_an_earlier_message_is_quoted() -> None:
    plain = "We disagree.\n\n-----Original Message-----\nFrom: A\n\nThe army hit the town.\n"
    kinds = {words: kind for kind, words in _blocks(read_mail(bytes(_message(plain))))}
    assert kinds["We disagree."] == "paragraph"
    assert kinds["The army hit the town."] == "quote"


def test_the_plain_version_is_read_and_not_the_same_words_twice() -> None:
    text = read_mail(bytes(_message("The plain words.", "<p>The rich words.</p>")))
    assert "plain" in text.body and "rich" not in text.body


def test_an_html_message_is_read_with_its_quotes_apart_and_without_what_is_hidden() -> None:
    html = (
        "<p>We disagree.</p><div style='display:none'>SECRET</div>"
        "<div class=gmail_quote><p>A. wrote:</p><blockquote><p>The army hit the town.</p></blockquote></div>"
    )
    text = read_mail(bytes(_message(None, html)))
    kinds = {words: kind for kind, words in _blocks(text)}
    assert kinds["We disagree."] == "paragraph"
    assert kinds["The army hit the town."] == "quote"
    assert "SECRET" not in text.body


def test_attachments_are_named_and_not_read() -> None:
    message = _message("See the list.")
    message.add_attachment("name,killed\nEstor,43\n", subtype="csv", filename="list.csv")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a\u202efdp.exe")
    text = read_mail(bytes(message))
    assert "Estor,43" not in text.body
    assert any("list.csv (text/csv)" in note for note in text.notes)
    assert not any("\u202e" in note for note in text.notes)


def test_a_forwarded_message_is_named_and_not_read() -> None:
    message = _message("I forward this.")
    message.add_attachment(_message("Inner words."))
    text = read_mail(bytes(message))
    assert "Inner" not in text.body
    assert any("forwarded message is not read" in note for note in text.notes)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "no-such-charset", "hex"])
def test_a_declared_charset_is_believed_when_the_bytes_agree(charset: str) -> None:
    body = "قصفت الطائرات السوق".encode("utf-8" if charset != "windows-1256" else "windows-1256")
    data = b"From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/plain; charset=" + charset.encode()
    assert "قصفت الطائرات السوق" in read_mail(data + b"\nContent-Transfer-Encoding: 8bit\n\n" + body).body


def test_a_date_that_is_none_dates_nothing() -> None:
    data = b"From: a@example.org\nDate: 99 Foo 2018\nSubject: x\n\nWords.\n"
    assert read_mail(data).published is None


def test_a_message_of_attachments_alone_says_what_to_do() -> None:
    message = _message()
    message.set_content(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="report.pdf", disposition="attachment"
    )
    with pytest.raises(UnreadableExhibit, match="no text of its own") as refused:
        read_mail(bytes(message))
    assert "--unpack" in refused.value.next_step


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: message/rfc822\n\n" * 500,
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(500)),
        b"Subject: x\n\n" + b"\n" * 1_600_000,
    ],
    ids=["messages in messages", "parts in parts", "lines"],
)
def test_a_message_that_costs_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableExhibit, match="more than"):
        read_mail(data)


@pytest.mark.parametrize(
    ("media_type", "words"), [("application/mbox", "many messages"), ("application/vnd.ms-outlook", "msg is not read")]
)
def test_mailboxes_and_outlooks_own_format_say_what_to_do(media_type: str, words: str) -> None:
    with pytest.raises(UnreadableExhibit, match=words):
        read_text(b"x", media_type)


HOSTILE = [
    b"From: =?utf-8?b?####?=\n", b"Date: \xff\n", b"Content-Type: text/html; charset=\xff\n", b"\n", b"> q\n",
    b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n", b"--b--\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Disposition: attachment; filename*=x'y'%ff\n", b"<p>x", b"=ZZ\n", b"\x00", b"Subject:\n x\n", b"-- \n",
]  # fmt: skip


@given(st.lists(st.sampled_from(HOSTILE) | st.binary(max_size=20), max_size=14))
@settings(deadline=None, max_examples=300)
def test_any_message_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        text = read_text(b"".join(pieces) or b" ", "message/rfc822")
    except UnreadableExhibit:
        return
    assert all(0 <= block.start < block.end <= len(text.body) for block in text.blocks)
    assert text.published_span is None or text.published is not None
