"""Which addresses of an untrusted text may become links."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(address: str) -> str:
    """The address if it is a plain http or https one, else nothing.

    Other schemes (`javascript:`, `data:`, `file:`), addresses without a host, with a user name in front of the host,
    or with spaces, control characters or quotation marks in them are left as text: a reader would not see where they
    lead.
    """
    if any(character.isspace() or not character.isprintable() or character in "\"'<>\\`" for character in address):
        return ""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    plain = parts.scheme.lower() in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return address if plain else ""
