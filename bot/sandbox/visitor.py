"""A scripted visitor of web pages: follows links and sends forms by the words a person reads there."""

from __future__ import annotations

from types import TracebackType
from urllib.parse import urljoin

import httpx
from lxml import html


class NotOnThePage(AssertionError):
    """The link, button or field is not on the page; the message shows what is."""


class Visitor:
    """One browser with its own cookies; it sees the text, links and forms of one page at a time."""

    def __init__(self, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(follow_redirects=True, timeout=20, transport=transport)
        self.status = 0
        self.address = ""
        self._page: html.HtmlElement = html.fromstring("<html></html>")

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def opens(self, address: str) -> str:
        """Opens an address and returns the text of the page where the redirects ended."""
        return self._shows(await self._client.get(urljoin(self.address, address)))

    async def follows(self, words: str) -> str:
        """Follows the link that reads so."""
        for link in self._page.iter("a"):
            if _text(link) == words and link.get("href"):
                return await self.opens(str(link.get("href")))
        raise NotOnThePage(f"no link {words!r} on {self.address}: {self.text}")

    def link(self, words: str) -> str:
        """Where the link that reads so leads, without following it."""
        for link in self._page.iter("a"):
            if _text(link) == words:
                return urljoin(self.address, str(link.get("href")))
        raise NotOnThePage(f"no link {words!r} on {self.address}: {self.text}")

    async def presses(self, words: str, **fields: str) -> str:
        """Fills the fields of the form that has a button that reads so, and presses it."""
        for form in self._page.forms:
            for button in form.xpath(".//button|.//input[@type='submit']"):
                if words in (_text(button), button.get("value")):
                    return await self._send(form, button, fields)
        raise NotOnThePage(f"no button {words!r} on {self.address}: {self.text}")

    async def _send(self, form: html.FormElement, button: html.HtmlElement, fields: dict[str, str]) -> str:
        data = dict(form.form_values())
        if name := button.get("name"):
            data[str(name)] = str(button.get("value") or "")
        data.update(fields)
        address = urljoin(self.address, str(form.action or ""))
        if form.method.upper() == "GET":
            return self._shows(await self._client.get(address, params=data))
        return self._shows(await self._client.post(address, data=data))

    @property
    def text(self) -> str:
        """All the words of the page, on one line."""
        return _text(self._page)

    def _shows(self, answer: httpx.Response) -> str:
        self.status, self.address = answer.status_code, str(answer.url)
        self._page = html.fromstring(answer.text or "<html></html>")
        return self.text


def _text(element: html.HtmlElement) -> str:
    words = element.xpath(
        ".//text()[not(ancestor::style) and not(ancestor::script) and not(ancestor::title)]"
    )
    return " ".join(" ".join(str(word) for word in words).split())
