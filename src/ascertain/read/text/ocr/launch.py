"""Run as a script: takes on limits, then becomes the program that is named.

    python -I launch.py MEMORY_MB SECONDS PROGRAM ARGUMENT…

The program reads what a stranger sent, so it gets little memory, little processor time, and no file that it may write.
This file imports nothing of the package, so that it costs 20 ms.
"""

from __future__ import annotations

import os
import resource
import sys

_MEGABYTE = 1024 * 1024


def main() -> None:
    """Limit this process, and replace it."""
    memory_mb, seconds, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    wanted = (("RLIMIT_AS", memory_mb * _MEGABYTE), ("RLIMIT_CPU", seconds), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0))
    for name, limit in wanted:
        if hasattr(resource, name):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(kind, (most, most))
    os.execv(program, sys.argv[3:])


if __name__ == "__main__":
    main()
