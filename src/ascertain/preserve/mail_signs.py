"""Whether a text is a message or a mailbox, by its headers. A memo that says `From:` and `Date:` is neither."""

from __future__ import annotations

import re

MAIL = "message/rfc822"
MBOX = "application/mbox"

_FIELD = re.compile(r"([!-9;-~]{1,76}):[ \t\r\n]")
_SEPARATOR = re.compile(r"From \S{1,320} [^\n]{0,60}\d\d:\d\d[^\n]{0,40}\d{4}[^\n]{0,20}\n")
# What programs write and people do not; and what every message has.
_OF_PROGRAMS = frozenset(
    "received message-id mime-version return-path delivered-to dkim-signature x-mailer user-agent x-received "
    "arc-seal authentication-results content-transfer-encoding x-gmail-labels x-gm-thrid".split()
)
_OF_ALL = frozenset("from date to subject sender".split())
_LINES = 200


def mail_type(text: str) -> str | None:
    """`message/rfc822`, `application/mbox`, or None for a text that begins like neither."""
    separator = _SEPARATOR.match(text)
    if _begins_with_headers(text[separator.end() :] if separator else text):
        return MBOX if separator else MAIL
    return None


def _begins_with_headers(text: str) -> bool:
    names = set()
    for line in text.split("\n", _LINES)[:_LINES]:
        field = _FIELD.match(line + "\n")
        if field:
            names.add(field[1].lower())
        elif not names or not line.startswith((" ", "\t")):
            break
    return bool(names & _OF_PROGRAMS) and bool(names & _OF_ALL)
