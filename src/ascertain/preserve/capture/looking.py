"""What is read off a page, from a script world of our own: a page cannot redefine what we ask there."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Error

from ascertain.preserve.capture.limits import Limits
from ascertain.preserve.capture.problem import Code, Problem
from ascertain.preserve.capture.seen import Link, Screenshot, Seen

WIDTH, HEIGHT = 1280, 800
_EVALUATION_SECONDS = 3.0
_PICTURE_SECONDS = 20.0
_STEPS = 60
_PAUSE_SECONDS = 0.1

# Named elements shadow the properties of `document`, so its own getters are taken from the prototype.
_LOOK = """
(() => {
  const get = name => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const all = selector => Array.from(Document.prototype.querySelectorAll.call(document, selector));
  const body = get("body"), root = get("documentElement");
  const text = (body && body.innerText) || (root && root.textContent) || "";
  const links = Array.from(get("links"));
  const shown = one => { const box = one.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  return {
    title: String(get("title")).slice(0, 1000), text: text.slice(0, %(characters)d), characters: text.length,
    links: links.slice(0, %(links)d).map(a => [a.href.slice(0, 8192), a.textContent.trim().slice(0, 200)]),
    link_count: links.length,
    passwords: all("input[type=password]").filter(shown).length,
    pictures: all("img,video,audio,canvas,svg,iframe,object,embed").filter(shown).length,
  };
})()
"""
_SCROLL = """
(() => {
  const root = Object.getOwnPropertyDescriptor(Document.prototype, "documentElement").get.call(document);
  window.scrollTo(0, %(to)d);
  return [window.scrollY, root ? root.scrollHeight : 0];
})()
"""


class Hung(Exception):
    """The page does not answer: a script of its own holds it."""


@dataclass(frozen=True, slots=True)
class Eye:
    """One page, asked through the DevTools protocol. Every question has an end."""

    session: CDPSession
    limits: Limits

    async def look(self, seen: Seen) -> None:
        """Title, text, links and what else tells a page from a wall. Raises Hung."""
        said = await self._evaluate(_LOOK % {"characters": self.limits.text_characters, "links": self.limits.links})
        seen.title, seen.text, seen.text_characters = said["title"], said["text"], said["characters"]
        seen.links, seen.link_count = [Link(url, text) for url, text in said["links"]], said["link_count"]
        seen.passwords, seen.pictures = said["passwords"], said["pictures"]
        if seen.text_characters > len(seen.text):
            seen.problems.append(
                Problem(Code.LIMIT_TEXT, f"the text has {seen.text_characters:,} characters", seen.url)
            )
        if seen.link_count > len(seen.links):
            seen.problems.append(Problem(Code.LIMIT_LINKS, f"the page has {seen.link_count:,} links", seen.url))

    async def scroll(self) -> None:
        """Go down to the bottom a screen at a time, so that what loads on sight loads, and back up. Raises Hung."""
        for step in range(1, _STEPS):
            at = step * HEIGHT
            position, height = await self._evaluate(_SCROLL % {"to": at})
            await asyncio.sleep(_PAUSE_SECONDS)
            if at >= min(height, self.limits.height_pixels) or position + HEIGHT < at:
                break
        await self._evaluate(_SCROLL % {"to": 0})

    async def picture(self, seen: Seen) -> None:
        """The whole page as a picture, down to the limit. Raises Hung."""
        size = (await self._ask("Page.getLayoutMetrics", {}, _EVALUATION_SECONDS))["cssContentSize"]
        full = max(int(size["height"]), 1)
        height = min(full, self.limits.height_pixels)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
        wanted = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        told = await self._ask("Page.captureScreenshot", wanted, _PICTURE_SECONDS)
        seen.screenshot = Screenshot(base64.b64decode(told["data"]), WIDTH, height, full)
        if full > height:
            reason = f"the page is {full:,} pixels high; the picture ends at {height:,}"
            seen.problems.append(Problem(Code.LIMIT_HEIGHT, reason, seen.url))

    async def _evaluate(self, expression: str) -> Any:
        frame = (await self._ask("Page.getFrameTree", {}, _EVALUATION_SECONDS))["frameTree"]["frame"]["id"]
        world = await self._ask("Page.createIsolatedWorld", {"frameId": frame}, _EVALUATION_SECONDS)
        asked = {
            "expression": expression,
            "contextId": world["executionContextId"],
            "returnByValue": True,
            "timeout": _EVALUATION_SECONDS * 1000,
        }
        told = await self._ask("Runtime.evaluate", asked, 2 * _EVALUATION_SECONDS)
        if "exceptionDetails" in told or "value" not in told["result"]:
            raise Hung("a question to the page had no answer")
        return told["result"]["value"]

    async def _ask(self, method: str, parameters: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            told: dict[str, Any] = await asyncio.wait_for(self.session.send(method, parameters), seconds)
        except (TimeoutError, Error) as error:
            raise Hung(f"{method}: {str(error).splitlines()[0] if str(error) else 'no answer'}") from error
        return told
