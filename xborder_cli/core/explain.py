"""An option as its charge lines: explaining is printing what was worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.answer import ChargeLine
from xborder_cli.core.bands import band_key, banded_measure, cells_at
from xborder_cli.core.base_words import base_text, code_at_day
from xborder_cli.core.columns import Mask, any_of, first_of, negate
from xborder_cli.core.condition import holds, none_holds
from xborder_cli.core.duty import finer_codes, look_up
from xborder_cli.core.found_rows import named_row, rows_of_lines
from xborder_cli.core.intake import value_on
from xborder_cli.core.landed_cost import recovers
from xborder_cli.core.line_parts import line_parts
from xborder_cli.core.measures import ALIASES, COUNT_UNITS, WEIGHT_UNITS
from xborder_cli.core.parcels import UNSTATED
from xborder_cli.core.payers import payer
from xborder_cli.core.pieces import unit_of_lines
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rule import STAY, Dated, Day, Limit, Lookup, Provenance, Terms
from xborder_cli.core.shipment import MONEY_INPUTS
from xborder_cli.core.stay import stay_days
from xborder_cli.core.terms import Worker
from xborder_cli.core.wording import (
    limit_text,
    number,
    terms_at,
    terms_text,
    with_bounds,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tile import Amount


FINER_SHOWN: Final = 2  # longer codes that are named where one of them decides


def charge_lines(priced: Priced, *, legs: dict[int, int]) -> tuple[ChargeLine, ...]:
    """Return the lines of a route for its one parcel, in the order of steps and tables.

    Args:
        priced: a route worked out for a single parcel.
        legs: step -> place among the option's legs.
    """
    run = priced.run
    bounds = _lower_bounds(run)
    lines = []
    for node in run.program.nodes:
        amount = run.amounts[node.index]
        if amount is None or not (amount.live or amount.included):
            continue
        if amount.included and not _would_apply(run, node):
            continue
        lines.append(_line(run, node, amount, legs, at_least=node.index in bounds))
    return tuple(lines)


def _lower_bounds(run: Run) -> set[int]:
    """Return the charges that are not known in full, and those that read one of them."""
    found: set[int] = set()
    for index in run.program.order:
        amount = run.amounts[index]
        node = run.program.nodes[index]
        if (amount is not None and any_of(amount.gap)) or (
            not found.isdisjoint(node.depends) and not _of_no_goods(run, node)
        ):
            found.add(index)
    return found


def _of_no_goods(run: Run, node: Node) -> bool:
    """Tell whether no row holds for any of the goods: nothing is due, whatever the base is."""
    rate = node.rate
    return isinstance(rate, Lookup) and not rows_of_lines(run, node, rate)


def _would_apply(run: Run, node: Node) -> bool:
    """Tell whether a charge that another's price holds would be due at all."""
    if node.regime is not None and not run.chosen.get((node.step, node.regime), False):
        return False
    charge = node.charge
    return bool(holds(run, charge.when, node)) and bool(none_holds(run, charge.unless, node))


def _line(
    run: Run, node: Node, amount: Amount, legs: dict[int, int], *, at_least: bool
) -> ChargeLine:
    charge, step = node.charge, run.program.steps[node.step]
    rate, where, unknown = _rate(run, node, amount)
    rows = rows_of_lines(run, node, node.rate) if isinstance(node.rate, Lookup) else ()
    minor = run.tile.paid(amount).first()
    regimes = step.charges.regimes
    return ChargeLine(
        kind=charge.kind,
        code=charge.code,
        name=charge.name or charge.code.replace("_", " "),
        step=node.step,
        leg=legs.get(node.step),
        event=step.event,
        payer=payer(run.program, node),
        collected=charge.collected if charge.kind in ("duty", "tax") else "",
        base=base_text(run, node, amount),
        rate=rate,
        amount_minor=minor,
        currency=node.currency,
        quote_minor=0 if charge.kind == "amount" else run.tile.quoted(amount).first(),
        provenance=where,
        included=amount.included,
        recoverable=bool(charge.recoverable_by)
        and recovers(run.parcels, charge.recoverable_by, stock=amount.lot),
        unknown=unknown if any_of(amount.gap) else "",
        at_least=at_least,
        regime=regimes[node.regime].id if node.regime is not None else "",
        parts=line_parts(run, node, node.rate, amount) if isinstance(node.rate, Lookup) else (),
        note=" / ".join(dict.fromkeys(one.row.note for one in rows if one.row.note)),
    )


def _rate(run: Run, node: Node, amount: Amount) -> tuple[str, Provenance, str]:
    """Return a rate in words, where it stands, and what is unknown about it."""
    charge, source = node.charge, node.charge.provenance
    rate = node.rate
    text, unknown = "", ""
    if isinstance(rate, Lookup):
        found = look_up(run, node, rate)
        rows = rows_of_lines(run, node, rate)
        texts = list(dict.fromkeys(terms_text(one.terms) for one in rows))
        named = named_row(run, node, rate)
        source = named.row.provenance if named is not None else source
        text = " / ".join(texts) or "no row"
        if len(texts) > 1:
            text += " by line"
        if any_of(found.gap):
            if texts:
                unsure = not any_of(negate(found.gap))
                text = f"at least {text}" if unsure else f"{text} where it is known"
            unknown = "; ".join(dict.fromkeys(_without(run, node, rate, found.gap)))
        elif any_of(amount.gap):
            unknown = f"{text}: {_uncounted(run, node, [one.terms for one in rows])}"
    elif isinstance(rate, BandTable):
        worker = Worker(run, node, node.level, amount.lot, amount.base)
        key, _ = band_key(run, node, rate, False)
        if not rate.by:
            cell = int(rate.starts[key])
        elif rate.kind == "portion":
            return (
                f"by {rate.by} in {int(rate.starts[-1])} bands",
                source,
                _gap(run, Terms(())),
            )
        else:
            measure, per = banded_measure(run, node, rate, worker)
            cell = first_of(cells_at(run, rate, key, worker, measure, per))
        terms = terms_at(rate.table, cell)
        text, source = terms_text(terms), _at_line(source, int(rate.lines[cell]))
        unknown = _gap(run, terms)
    elif isinstance(rate, DatedTable) and charge.day == STAY:
        text, unknown = _stay(run, rate)
        source = rate.provenances[code_at_day(run, node, rate)]
    elif isinstance(rate, DatedTable):
        at = code_at_day(run, node, rate)
        text, source = terms_text(rate.rates[at]), rate.provenances[at]
        unknown = _gap(run, rate.rates[at])
    return (
        _modified(run, node, text),
        _kept(source, charge.provenance, _first_day(run, node)),
        unknown,
    )


def _stay(run: Run, rate: DatedTable) -> tuple[str, str]:
    """Return the rates of a stay in store with their days, and what is unknown about them."""
    spans = [(rate.rates[code], first_of(days)) for code, days in stay_days(run, rate)]
    texts = [f"{terms_text(terms)} for {days} day{'s' * (days > 1)}" for terms, days in spans]
    gaps = (terms for terms, _ in spans if terms.words or any(part.user for part in terms.parts))
    return ", ".join(texts), _gap(run, next(gaps, Terms(())))


def _without(run: Run, node: Node, lookup: Lookup, gap: Mask) -> Iterator[str]:
    """Yield what is not known of the goods of the item lines without a row."""
    parcels = run.parcels
    missing = np.broadcast_to(np.asarray(gap), parcels.line_thing.shape)
    nameless = []
    for code in dict.fromkeys(parcels.line_thing[missing].tolist()):
        thing = parcels.things[code]
        finer = finer_codes(run, node, lookup, thing)
        if finer:
            shown = ", ".join(f"{hs} {rate}" for hs, rate in list(finer.items())[:FINER_SHOWN])
            more = f" and {len(finer) - FINER_SHOWN} more" if len(finer) > FINER_SHOWN else ""
            yield f"goods of HS {thing.hs} differ, as {shown}{more}: state the whole code"
        else:
            nameless.append(f"{thing.hs or '?'} from {thing.origin}")
    if nameless:
        yield f"no {_programme(lookup)} rate known for HS {', '.join(dict.fromkeys(nameless))}"


def _programme(lookup: Lookup) -> str:
    inner = lookup.programme or next(
        (_programme(one) for one in (*lookup.least, *lookup.pick[::-1])), ""
    )
    return inner or "duty"


def _at_line(source: Provenance, line: int) -> Provenance:
    return replace(source, line=line) if line else source


def _kept(found: Provenance, charge: Provenance, since: Day) -> Provenance:
    """Return a value's own provenance; what it leaves out comes from its charge and its table."""
    kept = found if found.table else charge
    return kept if kept.since else replace(kept, since=charge.since or since)


def _first_day(run: Run, node: Node) -> Day:
    """Return the first day of the table that a charge is worked out with."""
    step = run.program.steps[node.step]
    if step.card is not None:
        return step.card.since
    head = run.tile.book.market_heads.get(step.market)
    return head.first_day if head else 0


def _gap(run: Run, terms: Terms) -> str:
    assumed = {name for name, _ in run.parcels.attributes.assume}
    wanted = [term for term in terms.parts if term.user and term.user not in assumed]
    if wanted:
        unit = terms_text(Terms((wanted[0],))).removeprefix(f"user {wanted[0].user}").strip()
        words = f": {terms.words}" if terms.words else ""
        return f"{wanted[0].user}, wanted in {unit}{words}" if unit else f"{wanted[0].user}{words}"
    return terms.words or "a weight, size, unit or part that is not stated"


def _uncounted(run: Run, node: Node, rates: Iterable[Terms]) -> str:
    """Return what goods do not state of all that rates count, and how to state it."""
    counted = [part for terms in rates for one in with_bounds(terms) for part in one.parts]
    units = [ALIASES.get(unit, (unit,))[0] for part in counted for unit in part.units]
    own = dict.fromkeys(unit for unit in units if unit not in (*WEIGHT_UNITS, *COUNT_UNITS))
    flags = [f"--unit {unit}=N" for unit in own if _missing(unit_of_lines(run, unit)[0])]
    if any(unit in WEIGHT_UNITS for unit in units) and not _weighed(run):
        flags.append("--unit net=WEIGHT")
    for name in dict.fromkeys(part.of for part in counted):
        ref = node.refs.get(name)
        if ref is not None and ref.kind == "input" and name not in MONEY_INPUTS:
            flags += [f"--part {name}=AMOUNT"] if name not in run.parcels.line_parts else []
    if not flags:
        return "the goods do not state what it counts, or it is known only in words"
    return f"the goods do not state what it counts: {', '.join(flags)}"


def _missing(column: IntColumn | None) -> bool:
    return column is None or bool((column == UNSTATED).any())


def _weighed(run: Run) -> bool:
    """Tell whether the goods of every line weigh something: stated, or alone in their parcel."""
    parcels = run.parcels
    alone = parcels.line_thing.size == 1 and int(parcels.weight_mg[0]) > 0
    return alone or not _missing(parcels.line_units.get("net_kg"))


def _modified(run: Run, node: Node, text: str) -> str:
    """Return a rate with what acts on it: deduction, minimum, maximum, share, rounding, waiver."""
    charge = node.charge
    parts = [text] if text else []
    for less in charge.less:
        taken = less if isinstance(less, str) else _limit(run, less)
        parts.append(f"less {taken.replace('_', ' ')}")
    for word, clamp in (("min", charge.low), ("max", charge.high)):
        if isinstance(clamp, DatedTable):
            rate = clamp.rates[code_at_day(run, node, clamp)]
            parts.append(f"{word} {terms_text(rate)}")
    text = ", ".join(parts)
    if charge.gross:
        how = "with" if charge.gross == "up" else "holding"
        text = f"{text} (price {how} {charge.gross_code})".strip()
    if charge.times is not None and charge.times.spans:
        share = charge.times.spans[-1].value
        shown = (
            share if isinstance(share, str) else number(share) if isinstance(share, tuple) else ""
        )
        text = f"{text} x {shown}".strip()
    for rounding in (charge.round_each, charge.round_total):
        if rounding is not None and rounding.how != "exact" and rounding.step[0]:
            text += f", {rounding.how} to {number(rounding.step)} {node.currency}"
    if charge.waive_limit is not None:
        text += f", waived {charge.waive} {_limit(run, charge.waive_limit)}"
    return text.removeprefix(", ")


def _limit(run: Run, dated: Dated) -> str:
    """Return a limit of the day of the one parcel, in words."""
    day = run.parcels.day
    found = value_on(dated, day if isinstance(day, int) else int(day[0]))
    return limit_text(found) if isinstance(found, Limit) else "nothing"
