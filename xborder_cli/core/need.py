"""Orders in which each comes after those that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_order(depends: set[int], own: int) -> tuple[int, ...]:
    """Return what a charge waits for; itself last, when it reads itself: a circle."""
    return (*sorted(depends - {own}), own) if own in depends else tuple(sorted(depends))


def sorted_by_need(
    depends: list[tuple[int, ...]], circle: Callable[[list[int]], None]
) -> list[int]:
    """Return numbers so that each comes after those that it needs; tell of a circle."""
    order: list[int] = []
    done = [False] * len(depends)

    def visit(index: int, path: tuple[int, ...]) -> None:
        if index in path:
            circle([*path[path.index(index) :], index])
            return
        for needed in depends[index]:
            if not done[needed]:
                visit(needed, (*path, index))
        if not done[index]:
            done[index] = True
            order.append(index)

    for index, needs in enumerate(depends):
        if done[index]:
            continue
        for needed in needs:
            if not done[needed]:
                visit(index, ())
                break
        else:
            done[index] = True
            order.append(index)
    return order
