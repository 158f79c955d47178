"""Columns of an option for the rows that take it: what `Picked` holds, made as far as wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from xborder_cli.core.columns import ZERO, IntColumn, Num, add
from xborder_cli.core.flags import ORDER
from xborder_cli.core.outline import shown_transport
from xborder_cli.core.payers import payer
from xborder_cli.core.phrases import Names
from xborder_cli.core.picked import NOT_SOLD
from xborder_cli.core.route_words import assumption_words, flag_words
from xborder_cli.core.sureness import sources_of, sureness
from xborder_cli.core.varying import own_steps
from xborder_cli.core.weight import chargeable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import Value
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.program import Program
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.run import Run

SUMS: Final = ("freight", "duty", "tax", "fees", "total", "recoverable")
SIDES: Final = ("seller_pays", "buyer_pays")
DAYS: Final = ("transit_days_min", "transit_days_max")
# the same for every parcel of a route
ROUTE_FIELDS: Final = (
    "mode",
    "direction",
    "carrier",
    "carrier_name",
    "service",
    "service_name",
    "transport",
    "channel",
    "incoterm",
    "scheme",
)
WORDS: Final = ("confidence", "flags", "assumptions")  # codes into `Texts`
NUMBERS: Final = (*SUMS, *SIDES, *DAYS, "chargeable_mg", "margin")
ALL: Final = frozenset((*NUMBERS, *ROUTE_FIELDS, *WORDS, "rank", "complete", "pareto"))


@dataclass(slots=True)
class Texts:
    """The texts of all options of one call, numbered, and the routes that they took."""

    lot_assumed: bool
    storage_assumed: bool
    words: dict[str, Names] = field(default_factory=lambda: {name: Names() for name in WORDS})
    routes: dict[tuple[str, ...], int] = field(default_factory=dict)

    def route(self, chain: Chain, program: Program) -> int:
        """Return the number of a route's fields."""
        return self.routes.setdefault(_route_fields(chain, program), len(self.routes))


def _route_fields(chain: Chain, program: Program) -> tuple[str, ...]:
    main, context = chain.main, program.context
    return (
        chain.mode.id,
        chain.mode.direction,
        main.carrier,
        main.carrier_name,
        main.id,
        main.service,
        shown_transport([card.transport for card in chain.cards]),
        context["channel"],
        context["incoterm"],
        context["scheme"],
    )


@dataclass(frozen=True, slots=True)
class Priceable:
    """What is known of a route's rows beside its sums: found once, for ranking and for output."""

    incomplete: bool | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    days: tuple[Value, Value]


def columns_of(
    chain: Chain,
    priced: Priced,
    known: Priceable,
    rows: IntColumn,
    wanted: frozenset[str],
    texts: Texts,
) -> dict[str, Value]:
    """Return columns of an option for some rows.

    Args:
        chain: the route's.
        priced: the route worked out.
        known: what ranking has found already.
        rows: k of its rows.
        wanted: names of columns; others are left out, and `rank` and `pareto` always.
        texts: where texts are numbered.

    Returns:
        Shape (k,) each, or one number for all rows; routes and texts as codes.
    """
    run = priced.run
    out: dict[str, Value] = {"route": texts.route(chain, run.program)}
    for name in SUMS:
        if name in wanted:
            out[name] = _some(getattr(priced, name), rows)
    if "margin" in wanted:
        out["margin"] = NOT_SOLD if priced.margin is None else _some(priced.margin, rows)
    if wanted.intersection(SIDES):
        out["seller_pays"], out["buyer_pays"] = _sides(priced, rows)
    for name, days in zip(DAYS, known.days, strict=True):
        if name in wanted:
            out[name] = days if isinstance(days, int) else days[rows]
    if "chargeable_mg" in wanted:
        out["chargeable_mg"] = _some(chargeable(run, chain.main, False).mg, rows)
    if "complete" in wanted:
        out["complete"] = _complete(known, rows)
    asked = wanted.intersection(WORDS)
    for at, cards, others in own_steps(run.parcels, run.program, rows) if asked else ():
        some = rows if at is None else rows[at]
        found = _words(run, some, asked, texts, cards, others)
        for name, codes in found.items():
            if at is None:
                out[name] = codes
                continue
            if name not in out:
                out[name] = np.zeros(rows.size, dtype=np.int64)
            column = out[name]
            assert not isinstance(column, int), "words of rows that do not share their steps"
            column[at] = codes
    return out


def _words(
    run: Run,
    rows: IntColumn,
    wanted: frozenset[str],
    texts: Texts,
    cards: Sequence[RateCard],
    others: frozenset[int],
) -> dict[str, Value]:
    """Return the codes of what is said of some rows, whose cards are the same."""
    out: dict[str, Value] = {}
    if "confidence" in wanted or "flags" in wanted:
        _add_sureness(out, run, rows, wanted, texts, cards, others)
    if "assumptions" in wanted:
        said = assumption_words(
            run,
            cards,
            rows,
            lot_assumed=texts.lot_assumed,
            storage_assumed=texts.storage_assumed,
        )
        out["assumptions"] = texts.words["assumptions"].codes(said.joined(), said.code)
    return out


def _some(value: Num, rows: IntColumn) -> Value:
    if isinstance(value.v, int):
        return value.v
    found = value.v[rows]
    return found if found.dtype == np.int64 else found.astype(np.int64)


def _complete(known: Priceable, rows: IntColumn) -> Value:
    if isinstance(known.incomplete, bool):
        return int(not known.incomplete)
    return (~known.incomplete[rows]).astype(np.int64)


def _add_sureness(
    out: dict[str, Value],
    run: Run,
    rows: IntColumn,
    wanted: frozenset[str],
    texts: Texts,
    cards: Sequence[RateCard],
    others: frozenset[int],
) -> None:
    found = sureness(run, rows, others)
    if "confidence" in wanted:
        numbers = texts.words["confidence"]
        if isinstance(found.level, int):
            out["confidence"] = numbers.number(ORDER[found.level])
        else:
            out["confidence"] = numbers.codes(ORDER, found.level)
    if "flags" in wanted:
        low_legs = sources_of(run.program, others).low_legs
        said = flag_words(run, cards, rows, low_legs, found.low)
        out["flags"] = texts.words["flags"].codes(said.joined(once=False), said.code)


_PAID_BY_BUYER: WeakKeyDictionary[Program, tuple[tuple[int, ...], tuple[int, ...]]] = (
    WeakKeyDictionary()
)


def _sides(priced: Priced, rows: IntColumn) -> tuple[Value, Value]:
    """Return what seller and buyer pay; the side with fewer charges is summed, the other is left.

    Every charge is paid by one of them.
    """
    run = priced.run
    found = _PAID_BY_BUYER.get(run.program)
    if found is None:
        seller: list[int] = []
        buyer: list[int] = []
        for node in run.program.nodes:
            if node.charge.kind != "amount":
                who = payer(run.program, node)
                assert who in ("seller", "buyer"), f"{node.charge.code} is paid by {who}"
                (seller if who == "seller" else buyer).append(node.index)
        found = _PAID_BY_BUYER[run.program] = tuple(seller), tuple(buyer)
    sums = [[index for index in side if _counts(run, index)] for side in found]
    few = 0 if len(sums[0]) < len(sums[1]) else 1
    total = ZERO
    for index in sums[few]:
        amount = run.amounts[index]
        assert amount is not None
        total = add(total, run.tile.quoted(amount).take(rows))
    mine = _some(total, np.arange(rows.size))
    other = _some(priced.total, rows) - mine
    return (mine, other) if few == 0 else (other, mine)


def _counts(run: Run, index: int) -> bool:
    amount = run.amounts[index]
    return amount is not None and not amount.included and amount.live is not False
