"""What decides the weights and classes of a rate card: the card, and what they ask of the route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.step import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import RateCard, Test
    from xborder_cli.core.run import Run


def card_key(run: Run, card: RateCard | None) -> tuple[object, ...]:
    """Return equal keys for routes in which a card weighs and sorts alike."""
    if card is None:
        return ()
    read = run.tile.kept(("read by", card.id, card.since), context_read_by, card)
    return (card.id, card.since, *[run.program.context_of(None, name) for name in read])


def context_read_by(card: RateCard) -> tuple[str, ...]:
    """Return what the weights and classes of a card ask of a route; see CONTEXT."""
    found = {test.name for test in _tests(card) if test.kind == "is"}
    return tuple(sorted(found.intersection(CONTEXT)))


def _tests(card: RateCard) -> Iterator[Test]:
    for rule in (*([card.weight] if card.weight else []), *card.measures.values()):
        yield from _all_of(rule.when)
        for floor in rule.at_least:
            yield from _all_of(floor.when)
    for rows in card.classes.values():
        for row in rows:
            yield from _all_of(row.tests)


def _all_of(tests: tuple[Test, ...]) -> Iterator[Test]:
    for test in tests:
        yield test
        for group in test.groups:
            yield from _all_of(group)
