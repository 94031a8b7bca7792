"""The package's version: the one that was installed."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("ascertain")
