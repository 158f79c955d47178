"""Answers of conditions that may rest on what was assumed: which rows hold, and where it matters.

An assumption matters to a row when nothing that is known settles the row without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xborder_cli.core.columns import Mask, any_of, both, negate, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Note: TypeAlias = "tuple[Mask, str]"  # rows whose answer rests on an assumption, and its words


class Judged(NamedTuple):
    """Which rows hold, and what was assumed for some of them."""

    mask: Mask
    notes: tuple[Note, ...] = ()

    @property
    def assumed(self) -> Mask:
        """Rows whose answer is not known for certain."""
        return union(mask for mask, _ in self.notes)


def narrowed(notes: Iterable[Note], mask: Mask) -> tuple[Note, ...]:
    """Return notes of the rows of a mask alone.

    >>> narrowed([(True, "as new")], False)
    ()
    """
    if mask is True:
        return tuple(notes)
    return tuple((kept, words) for said, words in notes if any_of(kept := both(said, mask)))


def opposite(one: Judged) -> Judged:
    """Return where an answer does not hold."""
    return Judged(negate(one.mask), one.notes)


def all_hold(parts: Sequence[Judged]) -> Judged:
    """Return where all answers hold; what is known to fail needs no assumption of the others.

    >>> guess = Judged(True, ((True, "dry goods"),))
    >>> all_hold([guess, Judged(True)]).notes, all_hold([guess, Judged(False)]).notes
    (((True, 'dry goods'),), ())
    """
    mask: Mask = True
    for one in parts:
        mask = both(mask, one.mask)
    if not any(one.notes for one in parts):
        return Judged(mask)
    fails = [both(negate(one.mask), negate(one.assumed)) for one in parts]
    settled = union(fails)
    notes = [note for one in parts for note in narrowed(one.notes, negate(settled))]
    return Judged(mask, tuple(notes))


def any_holds(parts: Sequence[Judged]) -> Judged:
    """Return where any answer holds; what is known to hold needs no assumption of the others."""
    return opposite(all_hold([opposite(one) for one in parts]))
