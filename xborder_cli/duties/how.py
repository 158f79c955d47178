"""How a charge is worked out and how it stands to the others, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.rule import Lookup
from xborder_cli.rules.formula import base_words, lessened_words, rate_words
from xborder_cli.rules.words import Vocabulary, listed

if TYPE_CHECKING:
    from xborder_cli.core.rule import Charge, Test

MOST_CODES: Final = 12  # of a condition that are all named
SOME_CODES: Final = 6  # of a longer one


def how_of(charge: Charge) -> str:
    """Return how a charge is worked out, and how it stands to the others."""
    rate = rate_words(charge.rate) if isinstance(charge.rate, Lookup) else ""
    base = base_words(charge)
    text = f"{rate} of {base}" if rate and base else rate or base
    if charge.less:
        less = listed([lessened_words(one) for one in charge.less], "and")
        text += f", a total to reach: less {less}"
    words = Vocabulary()
    parts = [text] if text else []
    if charge.when:
        parts.append(f"only if {words.all_of(map(short, charge.when))}")
    if charge.unless:
        parts.append(f"not if {words.none_of(map(short, charge.unless))}")
    return "; ".join(parts)


def short(test: Test) -> Test:
    """Return a condition with a long list of codes cut: the table has them all."""
    tests = tuple(short(one) for one in test.tests)
    groups = tuple(tuple(short(one) for one in group) for group in test.groups)
    values = test.values
    if len(values) > MOST_CODES:
        values = (*values[:SOME_CODES], f"{len(values) - SOME_CODES} codes more")
    return replace(test, tests=tests, groups=groups, values=values)
