"""The page's own API: what one person sees, and what they do to it by ids. Loopback only; no part of Slack.

`GET /client/team`, then for each `/client/people/{person}`: `GET …/screen?channel=`, `GET …/changes`
(server-sent events), `POST …/{verb}`. 409 with a sentence when the person does not see what they act on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.slack import showing, stacks
from bot.sandbox.slack.client_elements import ELEMENT_VERBS, Elements
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.finding import NotVisible
from bot.sandbox.slack.hands import submit
from bot.sandbox.slack.models import Channel, File, Json, Member, Shortcut, View
from bot.sandbox.slack.workspace import Workspace

HEARTBEAT_SECONDS = 15.0
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Client:
    """Answers the page for every person of one workspace.

    `links` stand in the page's top bar, name → address. `commands` are the manifest's `slash_commands`,
    shown while a person types. `samples` are files at hand, name → bytes.
    """

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        *,
        links: Mapping[str, str] | None = None,
        commands: Sequence[Json] = (),
        samples: Mapping[str, bytes] | None = None,
    ) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self.links = dict(links or {})
        self.commands = list(commands)
        self.samples = dict(samples or {})
        self._elements = Elements(workspace, delivery)
        self._is_closing = False
        self._verbs: dict[str, Callable[[Member, Json], Awaitable[Json | None]]] = {
            "say": self._say,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
            **{verb: self._element_verb(verb) for verb in ELEMENT_VERBS},
        }

    def routes(self) -> list[Route]:
        """The routes under /client."""
        person = "/client/people/{person}"
        return [
            Route("/client/team", self.team),
            Route("/client/samples/{name}", self.sample),
            Route(f"{person}/screen", self.screen),
            Route(f"{person}/changes", self.changes),
            Route(f"{person}/files/{{file}}", self.file),
            Route(f"{person}/share", self.share, methods=["POST"]),
            Route(f"{person}/attach", self.attach, methods=["POST"]),
            Route(f"{person}/{{verb}}", self.act, methods=["POST"]),
        ]

    def close(self) -> None:
        """End every stream of changes, so that the server can stop."""
        self._is_closing = True
        self.workspace.touch()

    # --- looking ---------------------------------------------------------------------------------------

    async def team(self, _request: Request) -> Response:
        """What does not change while somebody looks."""
        samples = [{"name": name, "size": len(content)} for name, content in self.samples.items()]
        commands = self.commands or [{"command": name} for name in sorted(self.workspace.commands)]
        more = {"links": self.links, "commands": commands, "samples": samples}
        return JSONResponse({**showing.team(self.workspace), **more})

    async def screen(self, request: Request) -> Response:
        """Everything one person sees; of messages, those of one channel."""
        try:
            person = self._person(request)
            wanted = request.query_params.get("channel")
            channel = self._channel(person, wanted) if wanted else None
        except NotVisible as refusal:
            return _refused(refusal)
        return JSONResponse(showing.screen(self.workspace, person, channel))

    async def changes(self, request: Request) -> Response:
        """One line for each change of the workspace: its version."""
        try:
            self._person(request)
        except NotVisible as refusal:
            return _refused(refusal)
        headers = {"cache-control": "no-store"}
        return StreamingResponse(self._versions(), media_type="text/event-stream", headers=headers)

    async def _versions(self) -> AsyncIterator[str]:
        told = -1
        while not self._is_closing:
            if self.workspace.version != told:
                told = self.workspace.version
                yield f"data: {told}\n\n"
            elif not await self.workspace.changed(told, HEARTBEAT_SECONDS):
                yield ": still here\n\n"

    async def file(self, request: Request) -> Response:
        """A shared file's bytes, as a download; only to who sees it."""
        try:
            person = self._person(request)
            file = self._file(person, request.path_params["file"])
        except NotVisible as refusal:
            return _refused(refusal, 404)
        headers = {"x-content-type-options": "nosniff"}
        if file.mimetype not in _PICTURES:
            headers["content-disposition"] = "attachment"
        return Response(file.content, media_type=file.mimetype, headers=headers)

    async def sample(self, request: Request) -> Response:
        """A sample file's bytes."""
        content = self.samples.get(request.path_params["name"])
        if content is None:
            return _refused(NotVisible("There is no such sample file."), 404)
        return Response(content, media_type="application/octet-stream")

    # --- doing -----------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        """One act of one person, by ids."""
        verb = self._verbs.get(request.path_params["verb"])
        if verb is None:
            return _refused(NotVisible("There is no such act."), 404)
        return await self._answer(request, verb)

    async def share(self, request: Request) -> Response:
        """Share a file in a channel: the bytes are the body, `channel` and `name` in the query."""
        content = await request.body()

        async def shares(person: Member, given: Json) -> None:
            channel = self._channel(person, given["channel"])
            file = self.workspace.add_file(given["name"], content, user=person.id)
            await self.delivery.file_dropped(person, channel, file)

        return await self._answer(request, shares, dict(request.query_params))

    async def attach(self, request: Request) -> Response:
        """Attach a file to a file input: the bytes are the body, its ids and `name` in the query."""
        content = await request.body()

        async def attaches(person: Member, given: Json) -> None:
            await self._elements.attach(person, given, content)

        return await self._answer(request, attaches, dict(request.query_params))

    async def _answer(
        self,
        request: Request,
        verb: Callable[[Member, Json], Awaitable[Json | None]],
        given: Json | None = None,
    ) -> Response:
        if request.headers.get("origin", _own(request)) != _own(request):
            return _refused(NotVisible("Only this page may act here."), 403)
        try:
            person = self._person(request)
            done = await verb(person, await request.json() if given is None else given)
        except NotVisible as refusal:
            return _refused(refusal)
        except (KeyError, TypeError, ValueError) as error:
            return _refused(NotVisible(f"The page asked for something wrong: {error!r}."), 400)
        return JSONResponse({"ok": True, **(done or {})})

    async def _say(self, person: Member, given: Json) -> None:
        channel, text = self._channel(person, given["channel"]), str(given["text"])
        thread = given.get("thread")
        if text.startswith("/") and not thread:
            await self.delivery.command(person, channel, text)
            return
        if thread and self.workspace.message(channel.id, str(thread)) is None:
            raise NotVisible("The message of this thread is gone.")
        await self.delivery.message_written(person, channel, text, thread=thread)

    async def _submit(self, person: Member, given: Json) -> None:
        view = self._front(person, given)
        if not view.text_of("submit"):
            raise NotVisible("This window has nothing to submit.")
        await submit(self.delivery, person, view)

    async def _close(self, person: Member, given: Json) -> None:
        view = self._front(person, given)
        await self.delivery.close(person, view, everything=bool(given.get("everything")))

    async def _home(self, person: Member, _given: Json) -> None:
        await self.delivery.home_opened(person)

    async def _shortcut(self, person: Member, given: Json) -> None:
        if "ts" not in given:
            await self.delivery.global_shortcut(person, self._find_shortcut(given["name"], "global"))
            return
        message = self._elements.message(person, given)
        await self.delivery.message_shortcut(person, self._find_shortcut(given["name"], "message"), message)

    def _element_verb(self, verb: str) -> Callable[[Member, Json], Awaitable[Json | None]]:
        async def act(person: Member, given: Json) -> Json | None:
            return await self._elements.act(verb, person, given)

        return act

    # --- finding ---------------------------------------------------------------------------------------

    def _person(self, request: Request) -> Member:
        try:
            person = self.workspace.person(request.path_params["person"])
        except KeyError:
            raise NotVisible("There is no such person.") from None
        if person.is_bot:
            raise NotVisible("The bot has no screen.")
        self.workspace.direct(person.id)
        return person

    def _channel(self, person: Member, wanted: object) -> Channel:
        channel = self.workspace.channels.get(str(wanted))
        if channel is None or person.id not in channel.members:
            raise NotVisible("This person sees no such channel.")
        return channel

    def _front(self, person: Member, given: Json) -> View:
        view = stacks.top(self.workspace, person.id)
        if view is None or view.id != given["view"]:
            raise NotVisible("This window is no longer in front.")
        return view

    def _file(self, person: Member, wanted: str) -> File:
        file = self.workspace.files.get(wanted)
        shared = [self.workspace.channels[one] for one in file.channels] if file else []
        if file is None or not any(person.id in channel.members for channel in shared):
            raise NotVisible("There is no such file here.")
        return file

    def _find_shortcut(self, name: object, kind: str) -> Shortcut:
        for shortcut in self.workspace.shortcuts:
            if (shortcut.name, shortcut.type) == (name, kind):
                return shortcut
        raise NotVisible("There is no such shortcut.")


def _own(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _refused(refusal: NotVisible, status: int = 409) -> Response:
    return JSONResponse({"ok": False, "error": str(refusal)}, status)
