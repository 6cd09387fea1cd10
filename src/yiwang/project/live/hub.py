"""Who is connected, and what each of them is still to be sent."""

import asyncio
from collections import deque
from collections.abc import Iterable

from yiwang.core.accounts.events import AuthorityChanged
from yiwang.core.actor import Actor
from yiwang.core.events.access import may_hear
from yiwang.core.events.queries import Change
from yiwang.project.live.frames import RESYNC, frame

MOST_WAITING = 100


class Listener:
    """One browser. What it does not take in time is dropped for one word: fetch everything again.

    `is_stale` once its person's authority has changed: who they are is to be asked again before they hear more.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.is_stale = False
        self._waiting: deque[bytes] = deque()
        self._something = asyncio.Event()

    def send(self, piece: bytes) -> None:
        """Queue a frame; never waits."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            piece = RESYNC
        self._waiting.append(piece)
        self._something.set()

    async def take(self, patience_s: float) -> bytes:
        """All frames that wait, as one piece; empty after `patience_s` without any."""
        try:
            async with asyncio.timeout(patience_s):
                await self._something.wait()
        except TimeoutError:
            return b""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        self._something.clear()
        return taken


class Hub:
    """All browsers of this process. Lives on one event loop; nothing here waits for any of them."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()

    def tell(self, changes: Iterable[Change]) -> None:
        """Pass changes on to those who may hear of them."""
        for change in changes:
            piece = None
            for listener in self.listeners:
                if may_hear(listener.actor, change):
                    piece = piece or frame("change", change.data, change.id)
                    listener.is_stale |= change.data.get("type") == AuthorityChanged.type
                    listener.send(piece)

    def resync(self) -> None:
        """Tell everybody to fetch again: something may have passed unheard."""
        for listener in self.listeners:
            listener.send(RESYNC)
