"""Names to addresses: looked up once in a capture, every answer checked, and kept, so that no later answer counts."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ascertain.preserve.capture.guard import Guard, Target
from ascertain.preserve.capture.problem import Code, Refused

Lookup = Callable[[str], list[str]]


def system_lookup(host: str) -> list[str]:
    """The addresses that the system has for a host, without doubles. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass
class Resolver:
    """One capture's names: `lookup` is asked once a host, and what it said then holds to the end (no DNS rebinding)."""

    guard: Guard
    lookup: Lookup = system_lookup
    _known: dict[str, list[str]] = field(default_factory=dict)
    _asking: dict[str, threading.Lock] = field(default_factory=dict)

    def addresses(self, place: Target, seconds: float) -> list[str]:
        """The addresses of a place, all in reach. Raises Refused: none, too slow, or one that is out of reach."""
        with self._asking.setdefault(place.host, threading.Lock()):  # two threads must not get two answers
            if place.host not in self._known:
                self._known[place.host] = _within(self.lookup, place.host, seconds)
        found = self._known[place.host]
        self.guard.check(place, found)
        return found

    def known(self) -> dict[str, list[str]]:
        """What was looked up so far."""
        return dict(sorted(self._known.items()))


def _within(lookup: Lookup, host: str, seconds: float) -> list[str]:
    """Look up with an end: the system's resolver has no time limit of its own."""
    answers: queue.Queue[list[str] | OSError | UnicodeError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(lookup(host))
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that the system's codec will not have
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name=f"lookup {host}").start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise Refused(Code.NO_SUCH_HOST, f"no answer about {host} within {seconds:.0f} seconds") from error
    if isinstance(found, Exception):
        raise Refused(Code.NO_SUCH_HOST, f"{host} has no address ({found})") from found
    if not found:
        raise Refused(Code.NO_SUCH_HOST, f"{host} has no address")
    return found
