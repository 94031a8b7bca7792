"""Run as a script in a process of its own: one visit of one page by Chromium, every step of it with an end.

    python -I visiting.py < request > /dev/null

The request is a line of JSON; the answer is written to the folder that it names (see `browser`).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable
from pathlib import Path

if __name__ == "__main__":  # isolated: neither the environment nor the folder of the script says where modules are
    sys.path.insert(0, str(Path(__file__).parents[3]))

from playwright.async_api import Browser, BrowserContext, Dialog, Download, Error, Frame, Page, Request, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from ascertain.preserve.capture.browser import Visit, keep_seen
from ascertain.preserve.capture.launching import launched
from ascertain.preserve.capture.limits import Limits
from ascertain.preserve.capture.looking import HEIGHT, WIDTH, Eye, Hung
from ascertain.preserve.capture.problem import Code, Problem, Refused
from ascertain.preserve.capture.seen import Asked, Seen

PAGE_TYPES = ("text/html", "application/xhtml+xml")
_LOAD_SHARE = 0.6  # of a capture's seconds, so that something is left to look at what has come
_IDLE_SECONDS = 10.0
_SCROLL_SECONDS = 15.0
_CLOSE_SECONDS = 15.0
_MOST_ASKED = 5000
# WebRTC and WebTransport speak past a proxy. Flags forbid it; that no page finds them is the second lock.
_WITHOUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "RTCDataChannel"]) {
  try { delete globalThis[name]; } catch {}
}
"""


async def _visit(visit: Visit) -> Seen:
    seen, address, limits = Seen(), visit.address, visit.limits
    async with launched(visit) as (browser, seen.sandbox):
        own = await _own_agent(browser)
        seen.product, seen.user_agent = f"Chromium {browser.version}", f"{own} {visit.agent}".strip()
        context = await browser.new_context(
            user_agent=seen.user_agent,
            viewport={"width": WIDTH, "height": HEIGHT},
            service_workers="block",
            accept_downloads=False,
            locale="en-US",
            timezone_id="UTC",
        )
        await context.add_init_script(_WITHOUT)
        page = await context.new_page()
        witness = _Witness(seen, page)
        witness.listen(context)
        try:
            await asyncio.wait_for(_see(address, page, context, limits, seen, witness), limits.seconds + _CLOSE_SECONDS)
        except (TimeoutError, Error) as error:
            reason = str(error).splitlines()[0] if str(error) else f"not done after {limits.seconds:g} seconds"
            seen.problems.append(Problem(Code.PAGE_FAILED, reason, address))
        witness.finish()
        await _within(context.close(), _CLOSE_SECONDS)
    return seen


async def _own_agent(browser: Browser) -> str:
    session = await browser.new_browser_cdp_session()
    told = await session.send("Browser.getVersion")
    await session.detach()
    return str(told["userAgent"])


async def _see(
    address: str, page: Page, context: BrowserContext, limits: Limits, seen: Seen, witness: _Witness
) -> None:
    end = time.monotonic() + limits.seconds * _LOAD_SHARE
    try:
        response = await page.goto(address, wait_until="commit", timeout=limits.seconds * _LOAD_SHARE * 1000)
    except Error as error:
        seen.error = error.message.splitlines()[0] if error.message else "no answer"
        seen.kind = "file" if witness.downloads else "nothing"
        return
    if response is not None and not _is_page(response):
        seen.kind = "file"
        return
    seen.kind = "page"
    eye = Eye(await context.new_cdp_session(page), limits)
    wait = min(_IDLE_SECONDS, limits.seconds * (1 - _LOAD_SHARE) / 2)
    try:
        if not await witness.loaded(max(end - time.monotonic(), 0.1)):
            reason = "the page was still loading and is kept as it stood"
            seen.problems.append(Problem(Code.LIMIT_SECONDS, reason, address))
        elif not witness.broken:
            await _state(page, "networkidle", wait)
            await asyncio.wait_for(eye.scroll(), _SCROLL_SECONDS)
            seen.idle = await _state(page, "networkidle", wait)
        seen.url = page.url
        await eye.look(seen)
        if not witness.broken:  # no picture is ever made of a page whose answer broke off
            await eye.picture(seen)
    except Hung as error:  # then nothing that is asked afterwards will be answered either
        seen.problems.append(Problem(Code.PAGE_FAILED, str(error), address))
    seen.url = page.url


async def _state(page: Page, state: str, seconds: float) -> bool:
    """Whether the page came to a state in time."""
    try:
        await page.wait_for_load_state(state, timeout=seconds * 1000)  # type: ignore[arg-type]
    except PlaywrightTimeout:
        return False
    return True


async def _within(work: Awaitable[object], seconds: float) -> None:
    """Do something that may take no longer; what it was is of no more use when it does."""
    try:
        await asyncio.wait_for(work, seconds)
    except (TimeoutError, Error):
        return


def _is_page(response: Response) -> bool:
    media_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return not media_type or media_type in PAGE_TYPES


class _Witness:
    """Listens to everything that a context reports: requests, popups, dialogs, downloads."""

    def __init__(self, seen: Seen, page: Page) -> None:
        self.downloads: list[str] = []
        self._seen, self._page = seen, page
        self.broken = self._finished = False
        self._requests: dict[Request, Response | None] = {}
        self._loaded = asyncio.Event()
        self._shown: Request | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, context: BrowserContext) -> None:
        """From now on."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("page", self._popup)
        self._page.on("crash", lambda _: self._gone("the page crashed"))
        self._page.on("close", lambda _: self._gone("the page was closed"))
        self._page.on("framenavigated", self._committed)
        self._page.on("load", lambda _: self._loaded.set())
        self._page.on("dialog", self._dialog)
        self._page.on("download", self._download)

    def _gone(self, reason: str) -> None:
        if not self._finished:
            self._seen.problems.append(Problem(Code.PAGE_FAILED, reason, _bare(self._page.url)))
            self.broken = True
            self._loaded.set()

    async def loaded(self, seconds: float) -> bool:
        """Whether the page came to its end in time: it has loaded, or (see `broken`) its own answer broke off."""
        try:
            await asyncio.wait_for(self._loaded.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def finish(self) -> None:
        """Write down which requests there were; what happens from now on is our own doing."""
        self._finished = True
        for request, response in self._requests.items():
            own = response is not None and response.status == 307 and "non-authoritative-reason" in response.headers
            status = response.status if response is not None else 0
            main, shown = self._is_main(request), request is self._shown
            self._seen.asked.append(Asked(request.method, _bare(request.url), status, main, own, shown))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://", "https://")):
            return
        if len(self._requests) == _MOST_ASKED:
            reason = f"more than {_MOST_ASKED:,} requests: those beyond are not compared with the archive"
            self._seen.problems.append(Problem(Code.LIMIT_EXCHANGES, reason))
        if len(self._requests) <= _MOST_ASKED:
            self._requests[request] = None

    def _response(self, response: Response) -> None:
        if response.request in self._requests:
            self._requests[response.request] = response

    def _committed(self, frame: Frame) -> None:
        """A document took the page's place. A script that only changes the address brings no answer of its own."""
        if frame != self._page.main_frame:
            return
        answered = [one for one, response in self._requests.items() if response is not None and self._is_main(one)]
        if answered and _bare(answered[-1].url) == _bare(frame.url):
            self._shown = answered[-1]
        elif frame.url.startswith("chrome-error:"):
            self._shown = None

    def _failed(self, request: Request) -> None:
        if self._is_main(request):
            self.broken = True
            self._loaded.set()

    def _is_main(self, request: Request) -> bool:
        try:
            return request.is_navigation_request() and request.frame == self._page.main_frame
        except Error:  # a request that has no frame yet, or none at all, such as a worker's
            return False

    def _popup(self, page: Page) -> None:
        if page != self._page:
            self._seen.problems.append(Problem(Code.POPUP_CLOSED, "a window that the page opened", _bare(page.url)))
            self._later(page.close())

    def _dialog(self, dialog: Dialog) -> None:
        self._seen.problems.append(Problem(Code.DIALOG_DISMISSED, f"a {dialog.type}: {dialog.message[:200]}"))
        self._later(dialog.dismiss())

    def _download(self, download: Download) -> None:
        self.downloads.append(download.url)
        self._seen.problems.append(Problem(Code.DOWNLOAD, "the page offered a file to save", _bare(download.url)))
        self._later(download.cancel())

    def _later(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(_within(work, _CLOSE_SECONDS))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _bare(url: str) -> str:
    return url.split("#", 1)[0]


def main(request: str) -> None:
    """Visit, and write down what was seen, or why nothing was."""
    visit = Visit.from_json(request)
    try:
        seen = asyncio.run(_visit(visit))
    except Refused as error:
        seen = Seen(error=error.problem.reason)
    except Error as error:
        seen = Seen(error=error.message.splitlines()[0] if error.message else "the browser died")
    keep_seen(seen, Path(visit.answer))


if __name__ == "__main__":
    main(sys.stdin.readline())
