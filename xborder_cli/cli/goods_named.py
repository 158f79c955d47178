"""Goods that are named on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.tables.compile import Compiled


def judge_slug(book: Compiled, slug: str, place: str, more: str = "") -> None:
    """Refuse goods that the catalogue has not, with those that it may mean.

    Args:
        book: the tables.
        slug: as typed.
        place: of the word on the command line.
        more: what else may be written there.

    Raises:
        UsageError: no goods are called so.
    """
    from xborder_cli.errors import Problem, UsageError, Where
    from xborder_cli.goods.find import near

    if slug in book.goods:
        return
    found = near(book.goods, slug)
    fix = f"did you mean {' or '.join(found)}? " if found else ""
    raise UsageError(
        Problem(
            code="unknown-goods",
            where=Where(place),
            what=f'no goods "{slug}" in the tables',
            fix=f"{fix}`xb goods search WORDS` finds by other names{more}",
        )
    )
