"""Web API: `files.*` and the routes that take and give a file's bytes.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.sandbox.slack import limits
from bot.sandbox.slack.models import Json, SlackRefusal
from bot.sandbox.slack.posting import find_channel, post
from bot.sandbox.slack.workspace import Workspace


def info(workspace: Workspace, arguments: Json) -> Json:
    """`files.info`."""
    file = workspace.files.get(str(arguments.get("file") or ""))
    if file is None or not file.complete:
        raise SlackRefusal("file_not_found")
    return {"file": file.as_json(workspace.team_id, workspace.root_url)}


def get_upload_url(workspace: Workspace, arguments: Json) -> Json:
    """`files.getUploadURLExternal`: step one of an upload."""
    name = str(arguments.get("filename") or "")
    try:
        length = int(arguments.get("length") or 0)
    except ValueError:
        length = 0
    alt = str(arguments.get("alt_txt") or "")
    if len(alt) > limits.FILE_ALT_TEXT:
        raise SlackRefusal("invalid_arguments", "alt_txt is too long")
    if not name or length <= 0:
        raise SlackRefusal("invalid_arguments", "filename and length are required")
    file = workspace.add_file(name, b"", user=workspace.bot.id)
    file.complete, file.alt = False, alt
    return {"upload_url": f"{workspace.root_url}upload/{file.id}/{length}", "file_id": file.id}


def complete_upload(workspace: Workspace, arguments: Json) -> Json:
    """`files.completeUploadExternal`: the last step; shares the files when a channel is named."""
    given = arguments.get("files")
    if not isinstance(given, list) or not given:
        raise SlackRefusal("invalid_arguments", "files must be a list")
    files = []
    for one in given:
        file = workspace.files.get(str(one.get("id") if isinstance(one, dict) else ""))
        if file is None or not file.content:
            raise SlackRefusal("file_not_found")
        file.complete = True
        file.title = str(one.get("title") or file.name)
        files.append(file)
    where = arguments.get("channel_id")
    if where:
        channel = find_channel(workspace, where, member=True)
        comment = str(arguments.get("initial_comment") or ", ".join(file.title for file in files))
        message = post(workspace, channel, {"text": comment, "thread_ts": arguments.get("thread_ts")})
        message.files = [file.id for file in files]
        for file in files:
            file.channels.append(channel.id)
        workspace.touch()
    return {"files": [file.as_json(workspace.team_id, workspace.root_url) for file in files]}


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "files.info": info,
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}


class FileRoutes:
    """`POST /upload/…` takes bytes; `GET /files-pri/…` gives them to the app's token and to nobody else."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def upload(self, request: Request) -> Response:
        """Bytes of a file for which an upload URL was given; their number must be as announced."""
        file = self.workspace.files.get(request.path_params["file"])
        if file is None or file.complete:
            return PlainTextResponse("not found", 404)
        content = await request.body()
        if len(content) != request.path_params["length"]:
            self.workspace.journal.refuse("upload", "wrong_length", file.name)
            return PlainTextResponse("the length is not as announced", 400)
        file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """The file, or a redirect to the sign-in page when the token is missing or wrong, as Slack does."""
        workspace = self.workspace
        file = workspace.files.get(request.path_params["file"].rpartition("-")[2])
        if request.headers.get("authorization") != f"Bearer {workspace.bot_token}":
            return RedirectResponse(f"{workspace.root_url}signin?redir={request.url.path}", 302)
        if file is None:
            return PlainTextResponse("not found", 404)
        headers = {"content-disposition": f'attachment; filename="{file.id}"'}
        return Response(file.content, media_type=file.mimetype, headers=headers)

    async def signin(self, _request: Request) -> Response:
        """The page that people without a session see instead of a file: HTML, status 200."""
        return HTMLResponse(f"<!doctype html><title>Sign in | Slack</title><p>{self.workspace.name}</p>")
