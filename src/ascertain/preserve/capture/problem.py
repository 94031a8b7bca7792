"""What can go wrong in a capture, each with a code that a script can rely on (explained in docs/capture.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascertain.errors import AscertainError


class Code(StrEnum):
    """The codes of problems. A problem of the page itself is a failure; one of a part of the page is a note."""

    BAD_ADDRESS = "bad-address"
    REFUSED_SCHEME = "refused-scheme"
    REFUSED_PORT = "refused-port"
    REFUSED_ADDRESS = "refused-address"
    REFUSED_UPGRADE = "refused-upgrade"
    REFUSED_CODING = "refused-coding"
    REFUSED_REQUEST = "refused-request"
    NO_SUCH_HOST = "no-such-host"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls-failed"
    BAD_CERTIFICATE = "bad-certificate"
    BAD_RESPONSE = "bad-response"
    TRUNCATED = "truncated"
    LEFT = "left"
    LIMIT_BYTES = "limit-bytes"
    LIMIT_UNPACKED = "limit-unpacked"
    LIMIT_SECONDS = "limit-seconds"
    LIMIT_EXCHANGES = "limit-exchanges"
    LIMIT_REDIRECTS = "limit-redirects"
    LIMIT_HEIGHT = "limit-height"
    LIMIT_TEXT = "limit-text"
    LIMIT_LINKS = "limit-links"
    REDIRECT_LOOP = "redirect-loop"
    HTTP_ERROR = "http-error"
    ZERO_BYTES = "zero-bytes"
    EMPTY_PAGE = "empty-page"
    BLANK_SCREENSHOT = "blank-screenshot"
    BOT_WALL = "bot-wall"
    LOGIN_WALL = "login-wall"
    NOT_RECORDED = "not-recorded"
    MAIN_NOT_RECORDED = "main-not-recorded"
    ROBOTS_DISALLOWED = "robots-disallowed"
    BROWSER_MISSING = "browser-missing"
    BROWSER_FAILED = "browser-failed"
    PAGE_FAILED = "page-failed"
    DOWNLOAD = "download"
    POPUP_CLOSED = "popup-closed"
    DIALOG_DISMISSED = "dialog-dismissed"
    MEDIA_MISSING = "media-missing"
    MEDIA_FAILED = "media-failed"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that went wrong: its code, a reason in words, and the address that it concerns (may be empty)."""

    code: str
    reason: str
    url: str = ""

    def __str__(self) -> str:
        about = f" ({self.url})" if self.url else ""
        return f"{self.code}: {self.reason}{about}"


class Refused(AscertainError):
    """The guard, a limit, a certificate or a server says no. `problem` names it."""

    def __init__(self, code: Code, reason: str, url: str = "") -> None:
        self.problem = Problem(code.value, reason, url)
        super().__init__(str(self.problem))

    def about(self, url: str) -> Problem:
        """The problem, with the address that it concerns."""
        return Problem(self.problem.code, self.problem.reason, self.problem.url or url)
