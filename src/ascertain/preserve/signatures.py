"""How files of each type begin: what is written at a fixed place by every program that makes them."""

from __future__ import annotations

import re

GZIP = "application/gzip"
BZIP2 = "application/x-bzip2"
XZ = "application/x-xz"
TAR = "application/x-tar"
SEVEN_ZIP = "application/x-7z-compressed"
RAR = "application/vnd.rar"
ZSTANDARD = "application/zstd"
WARC = "application/warc"
WARC_GZIP = "application/warc+gzip"

_SIGNATURES = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"II\*\x00|MM\x00\*", "image/tiff"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"RIFF.{4}AVI ", "video/x-msvideo"),
        (rb"OggS.{24,250}?\x80theora", "video/ogg"),
        (rb"OggS\x00", "audio/ogg"),
        (rb"fLaC\x00", "audio/flac"),
        (rb"#!AMR", "audio/amr"),
        (rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb][\x10-\xeb]", "audio/mpeg"),
        (rb".{4}ftyp(?:M4[AB] |F4[AB] )", "audio/mp4"),
        (rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", "image/heic"),
        (rb".{4}ftypavi[fs]", "image/avif"),
        (rb".{4}ftypqt  ", "video/quicktime"),
        (rb".{4}ftyp3g[2p]", "video/3gpp"),
        (rb".{4}ftyp", "video/mp4"),
        (rb"\x1a\x45\xdf\xa3.{0,60}?\x42\x82.webm", "video/webm"),
        (rb"\x1a\x45\xdf\xa3", "video/x-matroska"),
        (rb"\x00\x00\x01\xba", "video/mpeg"),
        (rb"G.{187}G.{187}G", "video/mp2t"),
        (rb"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
        (rb"Rar!\x1a\x07", RAR),
        (rb"\x28\xb5\x2f\xfd", ZSTANDARD),
        (rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)", BZIP2),
        (rb"\xfd7zXZ\x00", XZ),
        (rb"WARC/[01]\.\d+\r\n", WARC),
    )
)


def signed_type(head: bytes) -> str | None:
    """The type that the first bytes sign, if they sign one."""
    return next((media_type for pattern, media_type in _SIGNATURES if pattern.match(head)), None)
