"""Files that unfold to very much, made in no time: a run of zeros that is repeated as often as is wanted."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib

MEGABYTE = 2**20


def zeros(megabytes: int) -> bytes:
    """Deflated zeros: one megabyte, ended so that it can be repeated."""
    deflating = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = deflating.compress(bytes(MEGABYTE)) + deflating.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()


def gzip_bomb(megabytes: int) -> bytes:
    """A gzip file of zeros; its checksum is wrong, which nobody will live to see."""
    header = gzip.compress(b"")[:10]
    return header + zeros(megabytes) + struct.pack("<LL", 0, megabytes * MEGABYTE % 2**32)


def flat_zip(megabytes: int, name: bytes = b"zeros") -> bytes:
    """A zip of one member that says truly how large it is."""
    data, size = zeros(megabytes), megabytes * MEGABYTE
    fields = (20, 0, 8, 0, 33, 0, len(data), size)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields, len(name), 0) + name
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local) + len(data), 0)
    return local + data + entry + end


def lying_zip(megabytes: int) -> bytes:
    """The same, that says it has ten bytes."""
    return flat_zip(megabytes).replace(struct.pack("<L", megabytes * MEGABYTE), struct.pack("<L", 10))


def nested_zip(levels: int, width: int, bottom: bytes) -> bytes:
    """Zips in zips, as in 42.zip."""
    data = bottom
    for level in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(width):
                archive.writestr(f"{level}-{number}.zip", data)
        data = out.getvalue()
    return data


def png(side: int) -> bytes:
    """An image of so many by so many pixels, of nothing."""
    data = zlib.compress(b"")[:2] + zeros(64)
    header = struct.pack(">2L5B", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    body = (struct.pack(">L", len(d)) + k + d + struct.pack(">L", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def pdf(megabytes: int) -> bytes:
    """A PDF whose page is a stream of so many megabytes, packed three times over."""
    stream = zlib.compress(b"")[:2] + zeros(megabytes)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]  # fmt: skip
    body = b"".join(b"%d 0 obj%sendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><l>&l11;</l>"
)


def docx(document: bytes) -> bytes:
    """A Word file whose text is this."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", document)
    return out.getvalue()
