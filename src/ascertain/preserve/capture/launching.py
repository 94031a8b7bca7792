"""How the system's Chromium is started: quiet, with one way out, and with nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Error, async_playwright

from ascertain.preserve.capture.browser import Visit
from ascertain.preserve.capture.problem import Code, Refused
from ascertain.preserve.capture.proxy import NOWHERE

_CLOSE_SECONDS = 15.0
_QUIET = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--safebrowsing-disable-auto-update",
)
# Chromium heeds the last list only, so this one repeats what Playwright's own needs.
_FEATURES_OFF = (
    "AimEnabled AutofillServerCommunication AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose"
    " HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay MediaRouter NetworkTimeServiceQuerying"
    " OptimizationHints PaintHolding PreconnectToSearch ThirdPartyStoragePartitioning Translate"
).split()
_NO_CALLS_HOME = (  # with the flags above it still asks for one component and for signed-in accounts: nowhere, then
    f"--component-updater=url-source=https://{NOWHERE}/",
    f"--gaia-url=https://{NOWHERE}",
    f"--disable-features={','.join(_FEATURES_OFF)}",
)
_ONE_WAY_OUT = (
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing but the proxy can be found
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_SMALL = ("--disable-gpu", "--disable-dev-shm-usage", "--js-flags=--max-old-space-size=512", "--mute-audio")

_ARGUMENTS = (*_QUIET, *_NO_CALLS_HOME, *_ONE_WAY_OUT, *_SMALL)


@asynccontextmanager
async def launched(visit: Visit) -> AsyncIterator[tuple[Browser, bool]]:
    """A browser with a fresh profile that reaches the world through one proxy alone, and believes one key.

    Gives the browser, and whether it runs in its sandbox: as root it cannot, and then it is said. Raises Refused.
    """
    sandbox = os.geteuid() != 0
    async with async_playwright() as driver:
        try:
            browser = await driver.chromium.launch(
                executable_path=visit.executable,
                args=[*_ARGUMENTS, f"--ignore-certificate-errors-spki-list={visit.pin}"],
                chromium_sandbox=sandbox,
                # Playwright sends loopback addresses to the proxy as well, which Chromium alone would not.
                proxy={"server": f"http://127.0.0.1:{visit.port}"},
                env={"HOME": visit.profile, "TMPDIR": visit.profile, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                downloads_path=visit.profile,
                timeout=visit.limits.seconds * 1000,
            )
        except Error as error:
            reason = error.message.splitlines()[0] if error.message else "it does not start"
            raise Refused(Code.BROWSER_FAILED, f"{visit.executable}: {reason}") from error
        try:
            yield browser, sandbox
        finally:
            with contextlib.suppress(TimeoutError, Error):  # it may be gone already
                await asyncio.wait_for(browser.close(), _CLOSE_SECONDS)
