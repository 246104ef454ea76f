"""The server that comes with the program: started once, shared, reused, stopped; nothing lost by kill -9."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import StorageUnavailable
from storage import client, embedded


async def _process(url: str) -> int:
    async with Redis.from_url(url) as redis:
        return int((await redis.info("server"))["process_id"])


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_it_starts_keeps_what_was_written_and_stops(tmp_path: Path) -> None:
    async with embedded.server(tmp_path / "data") as url, Redis.from_url(url) as redis:
        process = await _process(url)
        await redis.set("kept", "yes")
        wanted = {"appendonly": "yes", "appendfsync": "always", "save": "", "port": "0"}
        assert await redis.config_get(*wanted) == wanted
    assert not _runs(process)
    async with embedded.server(tmp_path / "data") as url, Redis.from_url(url) as redis:
        assert await redis.get("kept") == b"yes"


async def test_its_socket_is_for_this_user_only(tmp_path: Path) -> None:
    async with embedded.server(tmp_path) as url:
        socket = Path(url.removeprefix("unix://"))
        assert socket == tmp_path / "redis.sock"
        assert _mode(socket) == 0o700
        assert (tmp_path / "redis.log").read_text()


async def test_a_second_user_shares_it_and_the_last_one_stops_it(tmp_path: Path) -> None:
    first, second = embedded.server(tmp_path), embedded.server(tmp_path)
    url = await first.__aenter__()
    process = await _process(url)
    assert await second.__aenter__() == url
    assert await _process(url) == process
    await first.__aexit__(None, None, None)
    assert await _process(url) == process
    await second.__aexit__(None, None, None)
    await asyncio.to_thread(os.waitpid, process, 0)
    with pytest.raises((RedisError, OSError)):
        await _process(url)


async def test_of_many_that_start_at_once_one_starts_it(tmp_path: Path) -> None:
    async def use() -> int:
        async with embedded.server(tmp_path) as url:
            process = await _process(url)
            await together.wait()
            return process

    together = asyncio.Barrier(5)
    assert len(set(await asyncio.gather(*(use() for _ in range(5))))) == 1


async def test_an_orphan_is_used_again(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from storage import embedded\n"
        "async def main():\n"
        "    async with embedded.server(pathlib.Path(sys.argv[1])) as url:\n"
        "        print(url, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
    )
    assert starter.stdout
    url = (await starter.stdout.readline()).decode().strip()
    process = await _process(url)
    starter.kill()
    await starter.wait()
    assert _runs(process)
    async with embedded.server(tmp_path) as again:
        assert await _process(again) == process
    with pytest.raises((RedisError, OSError)):
        await _process(again)


async def test_a_server_that_hangs_gets_no_second_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded.server(tmp_path) as url:
        process = await _process(url)
        monkeypatch.setattr(embedded, "LONGEST_SECONDS", 0.1)
        monkeypatch.setattr(embedded, "ANSWER_SECONDS", 0.1)
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(StorageUnavailable, match="runs but does not answer"):
                async with embedded.server(tmp_path):
                    pass
        finally:
            os.kill(process, signal.SIGCONT)
        monkeypatch.undo()
        assert await _process(url) == process


async def test_a_socket_file_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "redis.sock").write_text("left behind")
    async with embedded.server(tmp_path) as url:
        assert await _process(url)


async def test_a_long_path_gets_a_short_private_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = Path(tempfile.mkdtemp(prefix="t"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(short))
    long = tmp_path / ("x" * 60) / ("y" * 60)
    async with embedded.server(long) as url:
        socket = Path(url.removeprefix("unix://"))
        assert socket.is_relative_to(short)
        assert _mode(socket.parent) == 0o700
        assert await _process(url)
    socket.parent.chmod(0o777)
    with pytest.raises(StorageUnavailable, match="belongs to somebody else"):
        async with embedded.server(long):
            pass
    shutil.rmtree(short)


async def test_a_folder_that_cannot_be_one_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="DATA_DIR") as caught:
        async with embedded.server(tmp_path / "file" / "data"):
            pass
    assert "\n" not in str(caught.value)


async def test_a_server_that_cannot_read_its_data_names_its_log(tmp_path: Path) -> None:
    async with embedded.server(tmp_path) as url, Redis.from_url(url) as redis:
        await redis.set("kept", "yes")
    for file in (tmp_path / "appendonlydir").glob("*.manifest"):
        file.write_text("no manifest")
    with pytest.raises(StorageUnavailable, match=r"redis\.log"):
        async with embedded.server(tmp_path):
            pass


async def test_kill_9_while_writing_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """S12: what was shown as saved is there after a crash."""
    acknowledged: list[int] = []

    async def write(writer: int) -> None:
        async with Redis.from_url(url) as redis:
            for number in range(writer, 100_000, 4):
                await redis.set(f"n:{number}", number)
                acknowledged.append(number)
                if len(acknowledged) == 400:
                    os.kill(process, signal.SIGKILL)

    async with embedded.server(tmp_path) as url:
        process = await _process(url)
        ended = await asyncio.gather(*(write(writer) for writer in range(4)), return_exceptions=True)
        assert all(isinstance(one, RedisError | OSError) for one in ended)
        async with embedded.server(tmp_path) as again, Redis.from_url(again) as redis:
            kept = await redis.mget([f"n:{number}" for number in acknowledged])
            assert len(acknowledged) >= 400
            assert [int(value) for value in kept if value] == acknowledged


async def test_a_redis_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    redis = client.connect(f"unix://{tmp_path}/nobody.sock")
    redis.get_connection_kwargs()["retry"] = None
    with pytest.raises(StorageUnavailable, match="Redis does not answer") as caught:
        await client.ping(redis)
    assert "\n" not in str(caught.value)
    await redis.aclose()


async def test_a_wrong_password_is_said_in_a_line(tmp_path: Path) -> None:
    async with embedded.server(tmp_path) as url:
        async with Redis.from_url(url) as redis:
            await redis.config_set("requirepass", "right")
        wrong = client.connect(f"{url}?password=not-this-one")
        with pytest.raises(StorageUnavailable, match="REDIS_URL") as caught:
            await client.ping(wrong)
        assert "not-this-one" not in str(caught.value)
        await wrong.aclose()
        async with Redis.from_url(url, password="right") as redis:
            await redis.config_set("requirepass", "")


async def test_later_outages_too_are_the_bots_own_error(tmp_path: Path) -> None:
    redis = client.connect(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(StorageUnavailable):
        await redis.get("key")
    async with redis.pipeline() as pipe:
        pipe.get("key")
        with pytest.raises(StorageUnavailable):
            await pipe.execute()
    await redis.aclose()


@pytest.mark.parametrize("url", ["nonsense", "http://host", "redis://:pass@host:port"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StorageUnavailable, match="REDIS_URL") as caught:
        client.connect(url)
    assert url not in str(caught.value)
