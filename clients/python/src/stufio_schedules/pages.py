from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    items: list[Item]
    #: The `cursor` of the next page; None on the last one.
    next_cursor: str | None
    #: The number of all items that match; a lower bound unless `total_is_exact`.
    total: int
    total_is_exact: bool

    @classmethod
    def of(cls, answer: Any) -> Page[Item]:
        return cls(answer["items"], answer["next_cursor"], answer["total"], answer["total_is_exact"])


class Pages(Generic[Item]):
    """A list whose pages are read while it is iterated."""

    def __init__(self, read: Callable[[str | None], Any]) -> None:
        self._read = read

    def first(self) -> Page[Item]:
        """The first page."""
        return Page.of(self._read(None))

    def __iter__(self) -> Iterator[Item]:
        page = self.first()
        yield from page.items
        while page.next_cursor is not None:
            page = Page.of(self._read(page.next_cursor))
            yield from page.items


class AsyncPages(Generic[Item]):
    """A list whose pages are read while it is iterated with `async for`."""

    def __init__(self, read: Callable[[str | None], Awaitable[Any]]) -> None:
        self._read = read

    async def first(self) -> Page[Item]:
        """The first page."""
        return Page.of(await self._read(None))

    async def __aiter__(self) -> AsyncIterator[Item]:
        page = await self.first()
        for item in page.items:
            yield item
        while page.next_cursor is not None:
            page = Page.of(await self._read(page.next_cursor))
            for item in page.items:
                yield item
