from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from stufio_schedules import AsyncSchedulesClient

#: Connections belong to the event loop that opened them.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncSchedulesClient] = WeakKeyDictionary()


def open_client() -> AsyncSchedulesClient:
    """The client of the running event loop, for SCHEDULES_URL and SCHEDULES_API_KEY. Connects on first use.

    Raises ValueError if one of them is not set or is invalid.
    """
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = AsyncSchedulesClient()
    return client


async def close_client() -> None:
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()
