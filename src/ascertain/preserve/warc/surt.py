"""The key under which an index lists an address: its host turned round, as every reader of web archives expects it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_WWW = re.compile(r"^www\d*\.")


def surt(url: str) -> str:
    """`http://www.example.org/A?b=2&a=1` → `org,example)/a?a=1&b=2`; what is no web address stays as it is."""
    if not url.lower().startswith(("http://", "https://")):
        return url
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:  # an archive may hold an address that is none
        return url
    host = _WWW.sub("", parts.hostname or "")
    key = host if ":" in host or host.replace(".", "").isdecimal() else ",".join(reversed(host.split(".")))
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        key += f":{port}"
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{key}){parts.path or '/'}" + (f"?{query}" if query else "")
