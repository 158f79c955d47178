"""How rules are written as JSON and arrays, for the cache: no code is ever read from it.

A packed value is a text and the bytes of its arrays. The text is `[sources, shared, value]`:
what many provenances have in common, rules that occur more than once, and the value. In a value

- `[]` is an empty tuple, `[-1, ...]` a tuple of scalars, `[-2, ...]` a tuple of anything;
- `[-3, key, value, ...]` is a mapping;
- `[-4, {first letters: [first byte, count]}]` is one whose values are made when asked for: those of
  keys that begin alike are a text of their own, among the arrays;
- `[-5, kind, stored kind, first byte, count]` is an array;
- `[-6, source, line, since]` is a provenance, `[-7, n]` the n-th shared rule;
- `[-8, ...]` is a set of texts;
- `[-9, length, [[first byte, count], ...]]` is a tuple whose parts are made when asked for;
- `[class number, field, field, ...]` is a rule, trailing defaults left out;
- anything else is itself.
"""

from __future__ import annotations

from typing import Final

from xborder_cli.core import fx, rates, rule

SCALARS, TUPLE, MAPPING, LAZY, ARRAY, PROVENANCE, SHARED, SET = -1, -2, -3, -4, -5, -6, -7, -8
LAZY_TUPLE = -9
KINDS: Final = ("int64", "int32", "int16", "bool")
GROUPED_BY: Final = 4  # first letters of the keys of a lazy mapping: headings of the HS
CHUNK: Final = 64  # values of a lazy list that are one text
CLASSES: Final[tuple[type, ...]] = (
    rule.Money,
    rule.Term,
    rule.Terms,
    rule.Span,
    rule.Dated,
    rule.Band,
    rule.Bands,
    rule.Lookup,
    rule.Limit,
    rule.Test,
    rule.Rounding,
    rule.BasePart,
    rule.Charge,
    rule.Regime,
    rule.ChargeSet,
    rule.WeightFloor,
    rule.WeightRule,
    rule.ClassRow,
    rule.ZoneRow,
    rule.LimitRule,
    rule.RateCard,
    rule.Surcharge,
    rule.FxRule,
    rule.Market,
    rule.Step,
    rule.Mode,
    rule.Goods,
    rates.Shape,
    rates.TermsTable,
    rates.DatedTable,
    rates.BandTable,
    rates.Row,
    rates.ProgrammeTable,
    fx.Series,
)
NUMBERS: Final = {kind: number for number, kind in enumerate(CLASSES)}
