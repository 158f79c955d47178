"""The ranked table of a quote: numbers are never cut, words wrap, a wide terminal shows more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from xborder_cli import units
from xborder_cli.cli.render.clearances import clearance_lines
from xborder_cli.cli.render.lows import gap_line, low_line, old_line
from xborder_cli.cli.render.margins import at_most, margin_mark, margin_words, sold
from xborder_cli.cli.render.rows import Digits, day, days, margin_percent, money, transport
from xborder_cli.cli.render.text import cells, wrap
from xborder_cli.core.rule import SELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import Leg, Option, Quote

WIDE = 120
WIDEST = 120  # a line longer than this is hard to follow to its amount
LEAST_WORDS = 16  # cells that the column of words must have
INCLUDED = "incl."
GREEN, DIM, BOLD = "green", "dim", "bold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How wide, and whether in colour."""

    width: int
    colour: bool


def quote_table(quote: Quote, options: Sequence[Option], digits: Digits, look: Look) -> str:
    """Return heading, ranked options and the remarks below them."""
    parts = [_heading(quote), ""]
    if options:
        parts.append(_widest_that_fits(quote, options, digits, look))
    parts += _remarks(quote, options, digits, look)
    return "\n".join(parts) + "\n"


def _widest_that_fits(quote: Quote, options: Sequence[Option], digits: Digits, look: Look) -> str:
    """Return the options in the layout that says most and cuts nothing."""
    layouts = (_wide, _narrow, _slim) if look.width >= WIDE else (_narrow, _slim)
    console = _console(look)
    table, least = _table(), 0
    for layout in layouts:
        table = layout(quote, options, digits)
        least = _least(table, console)
        if least <= look.width + 1:  # the blank after the last column is dropped
            break
    # no terminal is too narrow for the numbers: past its edge lines wrap, figures stay whole
    console.width = max(look.width + 1, least)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _least(table: Table, console: Console) -> int:
    """Return the cells that a table needs; what must not wrap must not be cut either."""
    for column in table.columns:
        if column.no_wrap:
            texts = [str(column.header), *(str(cell) for cell in column.cells)]
            column.min_width = max(map(cells, texts))
    return table.__rich_measure__(console, console.options).minimum


def _heading(quote: Quote) -> str:
    shipment = quote.shipment
    sides = (shipment.length_dmm, shipment.width_dmm, shipment.height_dmm)
    parts = [f"{shipment.origin} to {shipment.destination}"]
    if shipment.weight_mg:
        parts.append(f"{units.weight_text(shipment.weight_mg)} kg")
    if any(sides):
        parts.append(f"{'x'.join(units.length_text(side) for side in sides)} cm")
    for item in shipment.items[:2]:
        words = item.goods or item.hs
        count = f"{item.quantity} x " if item.quantity > 1 else ""
        worth = f"{units.ratio_text(item.value.amount, 2)} {item.value.currency}"
        parts.append(f"{count}{words} {worth}".strip())
    if len(shipment.items) > 2:
        more = len(shipment.items) - 2
        parts.append(f"{more} more item{'s' * (more > 1)}")
    parts.append(day(quote.on))
    return ", ".join(parts)


def at_least(option: Option) -> str:
    """Return the mark before sums that a gap makes a lower bound."""
    return "" if option.complete else ">="


def service_words(option: Option) -> str:
    """Return the service as printed, and its carrier where the name does not hold it."""
    if option.carrier_name.lower() in option.service_name.lower():
        return option.service_name
    return f"{option.service_name} ({option.carrier_name})"


def _rank(option: Option) -> Text:
    mark = "*" if option.pareto else " "
    return Text(f"{option.rank}{mark}", style=GREEN if option.pareto else "")


def _confidence(option: Option) -> Text:
    return Text(
        option.confidence, style={"low": "yellow", "high": GREEN}.get(option.confidence, "")
    )


def _narrow(quote: Quote, options: Sequence[Option], digits: Digits) -> Table:
    """Two lines an option: the service and its price, then how it travels."""
    table = _table()
    margin = sold(quote)  # the margin takes the place of who pays, which moves below the service
    number = {"justify": "right", "no_wrap": True}
    table.add_column("#", **number)  # type: ignore[arg-type]  # a mapping of known names
    table.add_column("Service", overflow="fold", min_width=LEAST_WORDS)
    table.add_column("Days", **number)  # type: ignore[arg-type]
    if not margin:
        table.add_column("Pays", no_wrap=True)
    for name in ("Freight", "Duty+tax", "Fees", f"Total {quote.currency}", *margin):
        table.add_column(name, **number)  # type: ignore[arg-type]
    table.add_column("Conf.", no_wrap=True)
    for option in options:
        below = _way(option)
        if margin:
            percent = margin_percent(option, quote)
            share = f", margin {at_most(option)}{percent}%" if percent else ""
            below = f"{below}, {option.incoterm}{share}"
        words = Text(service_words(option))
        words.append(f"\n{below}", style=DIM)
        table.add_row(
            _rank(option),
            words,
            days(option),
            *(() if margin else (option.incoterm,)),
            money(option.freight_minor, quote.currency, digits),
            levy(option, digits, quote.currency),
            money(option.fees_minor, quote.currency, digits),
            Text(at_least(option) + money(option.total_minor, quote.currency, digits), style=BOLD),
            *(at_most(option) + money(option.margin_minor, quote.currency, digits) for _ in margin),
            _confidence(option),
        )
    return table


def _slim(quote: Quote, options: Sequence[Option], digits: Digits) -> Table:
    """Four columns, for terminals where not even the sums have room side by side."""
    table = _table()
    number = {"justify": "right", "no_wrap": True}
    table.add_column("#", **number)  # type: ignore[arg-type]
    table.add_column("Service", overflow="fold", min_width=LEAST_WORDS)
    table.add_column("Days", **number)  # type: ignore[arg-type]
    table.add_column(f"Total {quote.currency}", **number)  # type: ignore[arg-type]
    for option in options:
        words = Text(service_words(option))
        sums = (
            f"freight {money(option.freight_minor, quote.currency, digits)}",
            f"duty+tax {levy(option, digits, quote.currency)}",
            f"fees {money(option.fees_minor, quote.currency, digits)}",
        )
        left = (f"margin {margin_words(option, quote, digits)}" for _ in sold(quote))
        facts = (_way(option), option.incoterm, *sums, *left, f"confidence {option.confidence}")
        words.append(f"\n{', '.join(facts)}", style=DIM)
        total = at_least(option) + money(option.total_minor, quote.currency, digits)
        table.add_row(_rank(option), words, days(option), Text(total, style=BOLD))
    return table


def levy(
    option: Option, digits: Digits, currency: str, kinds: tuple[str, ...] = ("duty", "tax")
) -> str:
    """Return duty, tax or both; nothing due and held by the freight's price are not the same."""
    return INCLUDED if holds(option, kinds) else money(_due(option, kinds), currency, digits)


def holds(option: Option, kinds: tuple[str, ...]) -> bool:
    """Tell whether the price of the freight holds all there is of duty, tax or both."""
    held = any(line.included and line.kind in kinds for line in option.lines)
    return held and not _due(option, kinds)


def _due(option: Option, kinds: tuple[str, ...]) -> int:
    minor = {"duty": option.duty_minor, "tax": option.tax_minor}
    return sum(minor[kind] for kind in kinds)


def _way(option: Option) -> str:
    by = transport(option)
    words = f"{option.mode_name}, {by}" if by else option.mode_name
    others = [leg.carrier_name for leg in moving(option) if leg.carrier_name != option.carrier_name]
    return f"{words}; with {', '.join(dict.fromkeys(others))}" if others else words


def moving(option: Option) -> tuple[Leg, ...]:
    """Return the legs that have to do with the parcel, not with the sale."""
    return tuple(leg for leg in option.legs if leg.kind not in SELLING)


def _wide(quote: Quote, options: Sequence[Option], digits: Digits) -> Table:
    """One line an option, duty and tax apart, and the chain it travels by."""
    table = _table()
    number = {"justify": "right", "no_wrap": True}
    table.add_column("#", **number)  # type: ignore[arg-type]
    table.add_column("Mode", overflow="fold", min_width=12)
    table.add_column("Service", overflow="fold", min_width=LEAST_WORDS)
    table.add_column("Chain", overflow="fold", min_width=12)
    table.add_column("Days", **number)  # type: ignore[arg-type]
    table.add_column("Pays", no_wrap=True)
    table.add_column("Kg", **number)  # type: ignore[arg-type]
    total = f"Total {quote.currency}"
    for name in ("Freight", "Duty", "Tax", "Fees", total, "Seller", "Buyer", *sold(quote)):
        table.add_column(name, **number)  # type: ignore[arg-type]
    table.add_column("Conf.", no_wrap=True)
    for option in options:
        table.add_row(
            _rank(option),
            option.mode_name,
            service_words(option),
            Text(chain(option), style=DIM),
            days(option),
            option.incoterm,
            units.weight_text(option.chargeable_mg),
            money(option.freight_minor, quote.currency, digits),
            levy(option, digits, quote.currency, ("duty",)),
            levy(option, digits, quote.currency, ("tax",)),
            money(option.fees_minor, quote.currency, digits),
            Text(at_least(option) + money(option.total_minor, quote.currency, digits), style=BOLD),
            money(option.seller_minor, quote.currency, digits),
            money(option.buyer_minor, quote.currency, digits),
            *(Text(margin_words(option, quote, digits)) for _ in sold(quote)),
            _confidence(option),
        )
    return table


def chain(option: Option) -> str:
    """Return what the only leg is, or who runs each leg of several, with how they travel."""
    names: list[str] = []
    legs = moving(option)
    for leg in legs:
        by = f" ({leg.transport})" if leg.transport not in ("", "none") else ""
        name = leg.kind.replace("_", " ") if len(legs) == 1 else leg.carrier_name
        if not any(known.startswith(name) for known in names):
            names.append(name + by)
        elif by and names[-1] == name:
            names[-1] += by
    return " > ".join(names)


def _table() -> Table:
    return Table(box=None, padding=(0, 1, 0, 0), pad_edge=True, header_style=BOLD)


def _console(look: Look) -> Console:
    return Console(
        width=10_000,
        color_system="standard" if look.colour else None,
        force_terminal=look.colour,
        no_color=not look.colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _remarks(quote: Quote, options: Sequence[Option], digits: Digits, look: Look) -> list[str]:
    """Return the lines below: marks, what was assumed, which rates, what is not shown."""
    marks = []
    if any(option.pareto for option in options):
        marks.append("* nothing else is both cheaper and faster")
    if any(not option.complete for option in options):
        marks.append(">= at least: a charge is not known")
    if any(option.recoverable_minor for option in options):
        marks.append("ranked by total less tax that is got back")
    if any(line.event == "export" and line.quote_minor < 0 for o in options for line in o.lines):
        marks.append("duty and tax are less what is refunded on export")
    if any(holds(option, (kind,)) for option in options for kind in ("duty", "tax")):
        marks.append(f"{INCLUDED} in the price of the freight")
    assumed = list(
        dict.fromkeys((*quote.assumptions, *(a for o in options for a in o.assumptions)))
    )
    if quote.sale is not None and options:
        marks.append(margin_mark(quote, options))
    told = []
    if assumed:
        more = f" and {len(assumed) - 2} more" if len(assumed) > 2 else ""
        told.append(f"Assumed: {'; '.join(assumed[:2])}{more}.")
    pairs: dict[frozenset[str], str] = {}
    for use in quote.fx:  # a pair and its inverse are one rate
        words = f"{use.base}/{use.quote} {use.rate} of {day(use.on)}"
        pairs.setdefault(frozenset((use.base, use.quote)), words)
    if pairs:
        rates = ", ".join(list(pairs.values())[:2])
        more = f" and {len(pairs) - 2} more" if len(pairs) > 2 else ""
        told.append(f"Rates: {rates}{more}.")
    hidden = len(quote.options) - len(options)
    if hidden:
        told.append(f"{hidden} more option{'s' * (hidden > 1)}: --all.")
    if quote.excluded:
        told.append(f"{len(quote.excluded)} excluded: --why says why.")
    lines = [""]
    compared = list(
        clearance_lines(quote.clearances, quote.currency, digits, min(look.width, WIDEST))
    )
    if compared:
        lines = [*(lines if options else []), *compared, ""]
    if marks:
        lines += wrap("; ".join(marks) + ".", look.width)
    lines += wrap(" ".join(told), look.width)
    named = (line for line in (gap_line(options), old_line(options), low_line(options)) if line)
    for flag in (*named, *quote.flags):
        lines += wrap(f"! {flag}", look.width, indent="  ")
    return lines if len(lines) > 1 else []


def widest(text: str) -> int:
    """Return the cells of the widest line."""
    return max(map(cells, text.splitlines()), default=0)
