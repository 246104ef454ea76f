"""What a person does becomes a request to the bot, and the bot's answer becomes what the person sees.

https://docs.slack.dev/interactivity/handling-user-interaction , https://docs.slack.dev/surfaces/modals
"""

from __future__ import annotations

from bot.sandbox.slack import limits, payloads, posting, stacks
from bot.sandbox.slack.blocks import checked_view
from bot.sandbox.slack.models import (
    Channel,
    File,
    Json,
    Member,
    Message,
    ResponseUrl,
    Shortcut,
    SlackRefusal,
    View,
)
from bot.sandbox.slack.objects import Findings, check_option_groups, check_options
from bot.sandbox.slack.sender import Answer, Sender
from bot.sandbox.slack.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack writes in a modal when the app's answer to a submit is late, missing or wrong."""


class Delivery:
    """Slack's side of every interaction, for one workspace and one bot."""

    def __init__(self, workspace: Workspace, sender: Sender) -> None:
        self.workspace = workspace
        self.sender = sender

    # --- commands and shortcuts ------------------------------------------------------------------------

    async def command(self, person: Member, channel: Channel, line: str) -> None:
        """A slash command said in a channel."""
        name = line.strip().partition(" ")[0]
        if name not in self.workspace.commands:
            text = (
                f"{name} is not a valid command. In Slack, all messages that start with the “/” are commands."
            )
            posting.say_as_slack(self.workspace, channel.id, person.id, text)
            return
        fields = payloads.command(self.workspace, person, channel, line)
        answer = await self.sender.form("command", line.strip(), fields)
        error = answer.outcome if not answer.ok else self._show_answer(answer, fields["response_url"])
        if error:
            text = f'{name} failed with the error "{error}"'
            posting.say_as_slack(self.workspace, channel.id, person.id, text)

    def _show_answer(self, answer: Answer, response_url: str) -> str:
        """Show what a command was answered with; the error's word when it may not be shown."""
        if not answer.body:
            return ""
        body = answer.json()
        if body is None:
            body = {"text": answer.body.decode("utf-8", "replace")}
        if not body:
            return ""
        url = self.workspace.response_urls[response_url.rpartition("/")[2]]
        try:
            posting.apply_answer(self.workspace, url, body)
        except SlackRefusal as refusal:
            self._refuse("command", refusal.error, *refusal.messages)
            return refusal.error
        return ""

    async def global_shortcut(self, person: Member, shortcut: Shortcut) -> Answer:
        """A shortcut chosen from the menu of the workspace."""
        payload = payloads.global_shortcut(self.workspace, person, shortcut)
        return await self.sender.interaction(shortcut.name, payload)

    async def message_shortcut(self, person: Member, shortcut: Shortcut, message: Message) -> Answer:
        """A shortcut chosen from a message's menu."""
        payload = payloads.message_shortcut(self.workspace, person, shortcut, message)
        return await self.sender.interaction(shortcut.name, payload)

    # --- elements --------------------------------------------------------------------------------------

    async def act(self, person: Member, place: View | Message, action: Json) -> None:
        """A click or a choice in a modal, a Home or a message."""
        payload = payloads.block_actions(self.workspace, person, place, action)
        answer = await self.sender.interaction(str(action["action_id"]), payload)
        said = "" if answer.ok else _did_not_respond(answer)
        if isinstance(place, View):
            place.trouble = said
        else:
            place.trouble[person.id] = said
        self.workspace.touch()

    async def options(
        self, person: Member, place: View | Message, ids: tuple[str, str], typed: str
    ) -> list[Json]:
        """The options the bot offers for what was typed; a wrong answer is refused and offers none."""
        payload = payloads.block_suggestion(self.workspace, person, place, ids, typed)
        answer = await self.sender.interaction(f"{ids[1]} “{typed}”", payload)
        if not answer.ok:
            return []
        body = answer.json()
        if body is None:
            self._refuse("block_suggestion", "invalid_answer", "the answer is not JSON")
            return []
        findings = Findings()
        if "option_groups" in body:
            groups = body["option_groups"]
            if groups:
                check_option_groups(groups, "/option_groups", findings)
            offered = [option for group in groups or [] for option in group.get("options", [])]
        else:
            given = body.get("options")
            offered = given or []
            if given is None:
                findings.add("missing required field: options", "")
            elif offered:
                check_options(offered, limits.SELECT_OPTIONS, "/options", findings)
        if findings:
            self._refuse("block_suggestion", "invalid_options", *findings)
            return []
        return list(offered)

    # --- modals ----------------------------------------------------------------------------------------

    async def submit(self, person: Member, view: View) -> None:
        """The submit button of a modal; the answer closes, changes or pushes, or shows errors."""
        view.errors, view.trouble = {}, ""
        payload = payloads.view_submission(self.workspace, person, view)
        summary = view.definition.get("callback_id") or view.text_of("title")
        answer = await self.sender.interaction(str(summary), payload)
        try:
            if not answer.ok:
                raise SlackRefusal(answer.outcome)
            self._apply_submission(person, view, answer)
        except SlackRefusal as refusal:
            view.trouble = TROUBLE
            if answer.ok:
                self._refuse("view_submission", refusal.error, *refusal.messages)
        self.workspace.touch()

    def _apply_submission(self, person: Member, view: View, answer: Answer) -> None:
        body = answer.json() if answer.body else {}
        if body is None:
            raise SlackRefusal("invalid_answer", "the answer is not a JSON object")
        match body.get("response_action"):
            case None if not body:
                stacks.drop_view(self.workspace, view)
            case "clear":
                stacks.drop_stack(self.workspace, person.id)
            case "update":
                stacks.replace(self.workspace, view, checked_view(body.get("view"), "modal"))
            case "push":
                stacks.push_on(self.workspace, person.id, checked_view(body.get("view"), "modal"))
            case "errors":
                view.errors = self._field_errors(view, body.get("errors"))
            case other:
                raise SlackRefusal("invalid_answer", f"unknown response_action: {other}")

    @staticmethod
    def _field_errors(view: View, errors: object) -> dict[str, str]:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            raise SlackRefusal("invalid_answer", "errors must name at least one input block")
        for block_id, message in errors.items():
            if block_id not in inputs:
                raise SlackRefusal("invalid_answer", f"errors name {block_id}, which is no input block")
            if not isinstance(message, str) or not message:
                raise SlackRefusal("invalid_answer", f"the error of {block_id} is not a text")
        return dict(errors)

    async def close(self, person: Member, view: View, *, everything: bool) -> None:
        """Close the modal in front (or the whole stack); apps that asked for it are told."""
        told = list(self.workspace.stacks.get(person.id, [])) if everything else [view]
        clears = everything or bool(view.definition.get("clear_on_close"))
        if clears:
            stacks.drop_stack(self.workspace, person.id)
        else:
            stacks.drop_view(self.workspace, view)
        for closed in reversed(told):
            if closed.definition.get("notify_on_close"):
                payload = payloads.view_closed(self.workspace, person, closed, is_cleared=clears)
                await self.sender.interaction(closed.text_of("title"), payload)

    # --- events ----------------------------------------------------------------------------------------

    async def home_opened(self, person: Member) -> None:
        """The person opened the app's Home."""
        inner: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self.workspace.direct(person.id).id,
            "tab": "home",
            "event_ts": self.workspace.new_ts(),
        }
        home = self.workspace.homes.get(person.id)
        if home is not None:
            inner["view"] = stacks.view_json(self.workspace, home)
        await self._event("app_home_opened", inner)

    async def message_written(
        self, person: Member, channel: Channel, text: str, *, thread: str | None = None
    ) -> None:
        """A person wrote a message, or a reply in the thread of the message `thread`."""
        message = Message(self.workspace.new_ts(), channel.id, person.id, text, from_app=False)
        message.thread_ts = thread
        self.workspace.history.append(message)
        self.workspace.touch()
        await self._event(*self._message_event(message))

    async def file_dropped(self, person: Member, channel: Channel, file: File) -> None:
        """A person shared a file in a conversation."""
        message = Message(self.workspace.new_ts(), channel.id, person.id, "", from_app=False)
        message.files = [file.id]
        file.channels.append(channel.id)
        self.workspace.history.append(message)
        self.workspace.touch()
        if self.workspace.bot.id not in channel.members:
            return
        kind, inner = self._message_event(message)
        shown = file.as_json(self.workspace.team_id, self.workspace.root_url)
        await self._event(kind, {**inner, "subtype": "file_share", "files": [shown], "upload": False})
        await self._event(
            "file_shared",
            {
                "type": "file_shared",
                "channel_id": channel.id,
                "file_id": file.id,
                "user_id": person.id,
                "file": {"id": file.id},
                "event_ts": message.ts,
            },
        )

    def _message_event(self, message: Message) -> tuple[str, Json]:
        is_im = self.workspace.channels[message.channel].is_im
        inner: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self.workspace.team_id,
            "channel": message.channel,
            "channel_type": "im" if is_im else "channel",
            "event_ts": message.ts,
        }
        if message.thread_ts:
            inner["thread_ts"] = message.thread_ts
        return ("message.im" if is_im else "message.channels"), inner

    async def _event(self, subscription: str, inner: Json) -> None:
        if subscription in self.workspace.events:
            await self.sender.event(inner)

    # --- response URLs ---------------------------------------------------------------------------------

    def respond(self, token: str, body: Json) -> SlackRefusal | None:
        """What arrives at a response URL; the refusal, journaled, when it may not be."""
        url: ResponseUrl | None = self.workspace.response_urls.get(token)
        try:
            if url is None:
                raise SlackRefusal("expired_url")
            posting.respond(self.workspace, url, body)
        except SlackRefusal as refusal:
            self._refuse("response_url", refusal.error, *refusal.messages)
            return refusal
        return None

    def _refuse(self, where: str, error: str, *details: str) -> None:
        self.workspace.journal.refuse(where, error, "; ".join(details))


def _did_not_respond(answer: Answer) -> str:
    if answer.outcome == "operation_timeout":
        return "⚠ Operation timed out. Apps need to respond within 3 seconds."
    return f"⚠ This app responded with status code {answer.status or 'none'}."
