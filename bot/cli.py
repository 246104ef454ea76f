"""The `dext-bot` commands.

Nothing heavy is imported before its command runs. Exit status: 0 done, 1 it failed, 2 wrong use. Errors go to
standard error as one line; the detail of what nobody foresaw goes to the log.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BotError, SettingMissing

if TYPE_CHECKING:
    from bot.config import Settings

NAME = "dext-bot"
FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130

app = typer.Typer(
    name=NAME,
    help="Dext for Slack: a bookkeeping inbox in Slack, published to Zoho Books.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(context: typer.Context) -> None:
    """Dext for Slack: a bookkeeping inbox in Slack, published to Zoho Books."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page with Slack listens; 0 takes a free port.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print where the page is.")] = False,
    data_dir: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Keep everything here and go on with it the next time."),
    ] = None,
    no_walk: Annotated[
        bool, typer.Option("--no-walk", help="Start with nothing connected, to do the main job yourself.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="End after the walk instead of serving on.")] = False,
) -> None:
    """Try the whole product on this machine: no accounts, no servers. Prints the page's address."""
    from bot import demo as program  # noqa: PLC0415

    program.main(port=port, once=once, browser=not no_browser, walk=not no_walk, data_dir=data_dir)


@app.command()
def run() -> None:
    """Run everything in one process: web, worker and clock."""
    from bot import processes  # noqa: PLC0415

    processes.run_all(_settings_to_serve())


@app.command()
def web() -> None:
    """Run the web process of the Procfile: Slack's requests and the pages for signing in."""
    from bot import processes  # noqa: PLC0415

    processes.run_web(_settings_to_serve())


@app.command()
def worker() -> None:
    """Run the worker process of the Procfile: refreshing, publishing and other jobs."""
    from bot import processes  # noqa: PLC0415

    processes.run_worker(_settings_to_serve())


@app.command()
def clock() -> None:
    """Run the clock process of the Procfile: what is due by its schedule."""
    from bot import processes  # noqa: PLC0415

    processes.run_clock(_settings_to_serve())


@app.command()
def doctor() -> None:
    """Check settings, Redis, Slack and Zoho Books; say what is wrong and how to mend it."""
    from bot import doctor as checks  # noqa: PLC0415

    async def examine() -> bool:
        sound = True
        async for finding in checks.examine():
            typer.echo(finding.line)
            sound = sound and finding.mark is not checks.Mark.WRONG
        return sound

    if not asyncio.run(examine()):
        raise typer.Exit(FAILED)


@app.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="The public https address of the bot; PUBLIC_URL without it.")
    ] = "",
) -> None:
    """Print the Slack app manifest to paste into a new Slack app."""
    from bot import config  # noqa: PLC0415

    settings = config.load_listening(public_url=url) if url else config.load_listening()
    from bot import manifest as made  # noqa: PLC0415 - loads every feature

    typer.echo(json.dumps(made.manifest(settings), indent=2, ensure_ascii=False))
    if doubt := made.out_of_reach(settings):
        typer.echo(doubt, err=True)


@app.command(name="import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Dext CSV exports, supplier lists, e-invoices.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would come in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print items and refusals as JSON.")] = False,
    workspace: Annotated[str, typer.Option(help="The Slack workspace's id, where there are several.")] = "",
    business: Annotated[str, typer.Option(help="The business's id, where there are several.")] = "",
) -> None:
    """Put the items of files into a business's inbox."""
    from bot import import_files as program  # noqa: PLC0415

    contents = program.contents(files)
    if dry_run:
        outcome = program.preview(contents)
    else:
        outcome = asyncio.run(program.bring_in(_settings_to_serve(), contents, workspace, business))
    typer.echo(outcome.as_json() if as_json else outcome.as_text())


@app.command(name="log")
def print_log(
    word: Annotated[str, typer.Argument(help="Only entries that have this word or person in them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV with formula-safe cells.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only say whether the log is what was written.")
    ] = False,
    workspace: Annotated[str, typer.Option(help="The Slack workspace's id, where there are several.")] = "",
    business: Annotated[str, typer.Option(help="The business's id, where there are several.")] = "",
) -> None:
    """Print who did what, when, oldest first."""
    from bot import print_log as program  # noqa: PLC0415

    form = "json" if as_json else "csv" if as_csv else "text"
    settings = _settings_to_serve()
    typer.echo(
        asyncio.run(program.text(settings, word, form, verify=verify, workspace=workspace, business=business))
    )


@app.command(name="rules")
def print_rules(
    as_csv: Annotated[
        bool, typer.Option("--csv", help="As CSV with formula-safe cells, which import reads back.")
    ] = False,
    workspace: Annotated[str, typer.Option(help="The Slack workspace's id, where there are several.")] = "",
    business: Annotated[str, typer.Option(help="The business's id, where there are several.")] = "",
) -> None:
    """Print the rules of suppliers and customers, and what is in conflict."""
    from bot import print_rules as program  # noqa: PLC0415

    settings = _settings_to_serve()
    typer.echo(asyncio.run(program.text(settings, as_csv=as_csv, workspace=workspace, business=business)))


@app.command()
def publish(
    items: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ITEM]...", help="Ids of items; without any, all that wait in the inbox."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the exact record of each item as JSON; send nothing.")
    ] = False,
    workspace: Annotated[str, typer.Option(help="The Slack workspace's id, where there are several.")] = "",
    business: Annotated[str, typer.Option(help="The business's id, where there are several.")] = "",
) -> None:
    """Show the records that items would become. Publishing itself is done in Slack, by an Approver."""
    from bot import dry_run as program  # noqa: PLC0415

    if not dry_run:
        raise typer.BadParameter(
            "here records are only shown, with --dry-run; an Approver publishes in Slack with /dext publish.",
            param_hint="--dry-run",
        )
    typer.echo(asyncio.run(program.preview(_settings_to_serve(), items or [], workspace, business)))


@app.command(name="rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything stored again with the newest of ENCRYPTION_KEYS, while the bot runs."""

    async def rotate(settings: Settings) -> int:
        from bot import bootstrap  # noqa: PLC0415

        async with bootstrap.build(settings) as running:
            count: int = await running.rotate_keys()
            return count

    done = asyncio.run(rotate(_settings_to_serve()))
    typer.echo(f"Encrypted again with the newest key: {done} stored secrets. Older keys may go now.")


def main() -> None:
    """The console script: run the command line, and end with its exit status."""
    sys.exit(guarded(lambda: typer.main.get_command(app).main(prog_name=NAME, standalone_mode=False)))


def guarded(command: Callable[[], object]) -> int:
    """Run `command`; answer the exit status. A failure is one line on standard error, never a traceback."""
    try:
        answer = command()
    except (KeyboardInterrupt, asyncio.CancelledError, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, e.g. `| head`
        sys.stderr.close()
        return FAILED
    except BotError as error:
        return _failed(error.sentence)
    except Exception as error:
        words = getattr(error, "format_message", None)
        if words is not None:  # typer's own: an unknown command, option or file
            _failed(f"{words()} See {NAME} --help.")
            return int(getattr(error, "exit_code", WRONG_USE))
        return _unforeseen(error)
    return answer if isinstance(answer, int) else 0


def _failed(sentence: str) -> int:
    typer.echo(f"{NAME}: {' '.join(sentence.split())}", err=True)
    return FAILED


def _unforeseen(error: Exception) -> int:
    from bot import crashes  # noqa: PLC0415

    reference = secrets.token_hex(4)
    place = crashes.write_down(error, reference)
    return _failed(
        f"This broke in a way that nobody foresaw (reference {reference}). The detail is in {place}."
    )


def _settings_to_serve() -> Settings:
    """Complete settings with the log configured. Refuses what this version cannot serve."""
    from bot import config, logs  # noqa: PLC0415

    settings = config.load()
    if not settings.one_workspace:
        raise SettingMissing(
            "SLACK_BOT_TOKEN",
            "SLACK_BOT_TOKEN is missing; installing into many workspaces is not part of this version.",
            advice=f"How to get it: {config.how_to_get('SLACK_BOT_TOKEN')}",
        )
    logs.configure(level=settings.log_level, form=settings.log_format, secrets=settings.secrets())
    return settings
