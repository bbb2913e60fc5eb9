"""A page of the browser that remembers what it asked for and what it said; nothing leaves this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright import sync_api

WIDE, NARROW, ZOOMED = (1280, 900), (390, 844), (640, 450)
"""Sizes of a window; the last is what one of 1280 by 900 is at 200 %: half as many CSS pixels either way."""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TALLEST = 6_000
"""Pixels of a page that a screenshot shows."""


class Watched:
    """A page whose requests, console and dialogs are recorded; requests to other hosts are aborted and counted."""

    def __init__(self, context: sync_api.BrowserContext, site: str, *, scripts: bool = True) -> None:
        self.page, self.site, self._scripts = context.new_page(), site, scripts
        self._address = ""
        self.asked: list[str] = []
        self.outside: list[str] = []
        self.said: list[str] = []
        self._host = urlsplit(site).netloc
        self.page.route(lambda url: urlsplit(url).netloc != self._host, self._refuse)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def open(self, address: str) -> int:
        """Open an address of the site, forget what was recorded before, and return the status of the answer."""
        self.asked.clear()
        self.outside.clear()
        self.said.clear()
        answer = self.page.goto(self.site + address)
        assert answer is not None, address
        self._address = address
        return answer.status

    def show(self, address: str) -> None:
        """Have an address open: as it stands where it was the last to be opened."""
        if address != self._address:
            self.open(address)
            self.wait_for_editor()

    def wait_for_editor(self) -> None:
        """Wait until the editor of queries is there, where the page loads it."""
        if self._scripts and self.page.locator("script[src$='editor.js']").count():
            self.page.locator("#query-form[data-ready]").wait_for()

    def over(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate(OVER))

    def shoot(self, name: str) -> None:
        """Take a screenshot into the folder that SHOTS names, if it is set."""
        if shots := os.environ.get("SHOTS"):
            size = self.page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
            clip: Any = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], TALLEST)}
            self.page.screenshot(path=str(Path(shots) / f"{name}.png"), full_page=True, clip=clip)

    def _refuse(self, route: sync_api.Route) -> None:
        if urlsplit(route.request.url).scheme in ("http", "https", "ws", "wss"):
            self.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def _hear(self, message: sync_api.ConsoleMessage) -> None:
        # That a page is 404 is said too; the answer of the page itself is tested by its status.
        if not message.text.startswith("Failed to load resource") or message.location["url"] != self.page.url:
            self.said.append(f"{message.text} ({message.location['url']})")

    def _dismiss(self, dialog: sync_api.Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()
