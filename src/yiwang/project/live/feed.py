"""Listens to the database for all browsers together, and begins again when it was away."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg
from django.db import close_old_connections, connection

from yiwang.core.events import listen, queries
from yiwang.core.events.declare import CHANNEL
from yiwang.project.live.hub import Hub

RETRY_S = 0.5
PROBE_S = 20.0  # a line that died silently is noticed by asking
READERS = 2

log = logging.getLogger(__name__)
T = TypeVar("T")
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")


async def read(query: Callable[[], T]) -> T:
    """What a query returns, run in one of few threads with a database connection of its own."""

    def run() -> T:
        try:
            close_old_connections()
            return query()
        except Exception:
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(_readers, run)


class Feed:
    """The one LISTEN of this process. `is_live` tells whether it hears at the moment."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.is_live = False

    async def run(self) -> None:
        """Listen until cancelled. After each interruption every browser is told to fetch again."""
        away = False
        while True:
            try:
                await self._listen()
            except Exception as error:
                if not away or not isinstance(error, psycopg.Error):
                    log.warning("live events: the database does not answer, trying again: %s", error)
                away = not self.is_live
            self.is_live = False
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**listen.parameters(), autocommit=True) as line:
            await line.execute(f"LISTEN {CHANNEL}")
            self.is_live = True
            self.hub.resync()
            while True:
                words = [word.payload async for word in line.notifies(timeout=PROBE_S, stop_after=1)]
                if words:
                    await self._pass_on([int(word) for word in words if word])
                else:
                    async with asyncio.timeout(PROBE_S):
                        await line.execute("SELECT 1")

    async def _pass_on(self, numbers: list[int]) -> None:
        if numbers and self.hub.listeners:
            self.hub.tell(await read(lambda: queries.changes(numbers)))
