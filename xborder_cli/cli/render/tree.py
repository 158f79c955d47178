"""The tree of charges of an option or a clearance: base x rate = amount, payer, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.cli.render.clearances import clearance_lines
from xborder_cli.cli.render.rows import (
    Digits,
    counted,
    day,
    duty_lines,
    money,
    refusals,
    silent,
    told,
)
from xborder_cli.cli.render.text import cells, pad, wrap
from xborder_cli.core.answer import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.answer import (
        ChargeLine,
        DutyAnswer,
        Excluded,
        FxUse,
        Leg,
        LinePart,
        Option,
        Quote,
        RegimeChoice,
    )
    from xborder_cli.core.rule import Provenance

EVENTS = {"entry": "entry into the country", "sale": "domestic sale", "export": "export"}
WIDEST = 120  # a line longer than this is hard to follow to its amount
PARTS = 12  # item lines that are shown of a charge
CODES = {"bold": "1", "dim": "2", "yellow": "33", "green": "32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Lines of text of a width; amounts stand flush at the right edge."""

    width: int
    colour: bool
    digits: Digits
    currency: str
    items: int  # item lines of the shipment

    def style(self, text: str, name: str) -> str:
        """Return the text in a style, when there is colour."""
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.colour and name and text else text

    def amount(self, minor: int) -> str:
        """Return an amount in the currency of the answer."""
        return money(minor, self.currency, self.digits)

    def row(self, left: str, right: str, indent: int, style: str = "") -> Iterator[str]:
        """Yield words and, on their first line, an amount at the right edge."""
        room = self.width - indent - cells(right) - 2
        first, *rest = (" " * indent + line for line in wrap(left, room, indent="  ") or [""])
        line = pad(first, self.width - cells(right)) + right if right else first
        yield self.style(line, style)
        for more in rest:
            yield self.style(more, style)

    def words(self, text: str, indent: int, style: str = "dim") -> Iterator[str]:
        """Yield words alone."""
        for line in wrap(text, self.width - indent, indent="  "):
            yield self.style(" " * indent + line, style)


def explain_text(quote: Quote, options: Sequence[Option], page: Page) -> str:
    """Return the tree of every option, then the rates used and what was excluded."""
    lines: list[str] = []
    for option in options:
        lines += [*_option(option, page), ""]
    compared = list(clearance_lines(quote.clearances, quote.currency, page.digits, page.width))
    lines += [*compared, ""] if compared else []
    lines += _foot(quote.fx, (*quote.assumptions,), quote.flags, page)
    lines += excluded_lines(quote.excluded, page)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def duty_text(answer: DutyAnswer, page: Page) -> str:
    """Return the tree of a clearance with its sums."""
    shipment = answer.shipment
    scheme = f", scheme {answer.scheme}" if answer.scheme else ""
    head = f"{answer.market_name} ({answer.market}) from {shipment.origin}, {day(answer.on)}"
    refused = refusals(answer)
    mark = "" if answer.complete else ">="
    total = f"{mark}{page.amount(answer.total_minor)} {answer.currency}"
    if refused:
        total = "no total"
    lines = [*page.row(f"{head}, channel {answer.channel}{scheme}", total, 0, "bold")]
    named = any(line.code == "customs_value" for line in answer.lines)
    if answer.customs_value_minor is not None and not named and not silent(answer):
        lines += page.row("customs value", page.amount(answer.customs_value_minor), 2)
    lines += _regimes([one for one in answer.regimes if one.taken], "entry", 2, page)
    lines += _charges(list(duty_lines(answer)), 2, page)
    if refused:
        for reason in refused:
            lines += page.words(f"refused: {reason}", 0, "bold")
    else:
        lines += _sums(answer, total, page)
    compared = list(
        clearance_lines(answer.clearances, answer.currency, page.digits, page.width, options=False)
    )
    lines += ["", *compared] if compared else []
    flags = [flag for flag in answer.flags if not flag.startswith(REFUSED)]
    passed = list(_regimes([one for one in answer.regimes if not one.taken], "entry", 0, page))
    lines += ["", *passed] if passed else []
    lines += ["", *_foot(answer.fx, answer.assumptions, flags, page)]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _sums(answer: DutyAnswer, total: str, page: Page) -> Iterator[str]:
    for name, kind, minor in (
        ("duty", "duty", answer.duty_minor),
        ("tax", "tax", answer.tax_minor),
        ("fees", "fee", answer.fees_minor),
    ):
        bound = any(line.at_least and line.kind == kind for line in answer.lines)
        yield from page.row(name, (">=" if bound else "") + page.amount(minor), 0)
    yield from page.row("total", total.removesuffix(f" {answer.currency}"), 0, "bold")
    known = "" if answer.complete else ", of what is known"
    yield from page.words(f"confidence {answer.confidence}{known}", 0)


def _option(option: Option, page: Page) -> Iterator[str]:
    mark = "*" if option.pareto else "."
    mode = option.mode_name
    name = option.service_name
    if option.carrier_name.lower() not in name.lower():
        name += f" ({option.carrier_name})"
    least = "" if option.complete else ">="
    total = f"{least}{page.amount(option.total_minor)} {page.currency}"
    yield from page.row(f"{option.rank}{mark} {name}", total, 0, "bold")
    facts = [mode, f"channel {option.channel}", option.incoterm]
    if option.scheme:
        facts.append(f"scheme {option.scheme}")
    if option.transit_days:
        facts.append(f"{option.transit_days[0]}-{option.transit_days[1]} days")
    facts += [
        f"charged {units.weight_text(option.chargeable_mg)} kg",
        f"confidence {option.confidence}",
    ]
    yield from page.words(", ".join(facts), 3)
    for step in dict.fromkeys(line.step for line in option.lines):
        lines = [line for line in option.lines if line.step == step]
        yield from _step(option, lines, page)
    paid = (
        f"seller pays {page.amount(option.seller_minor)}, buyer {page.amount(option.buyer_minor)}"
    )
    if option.recoverable_minor:
        paid += f", of which recoverable {page.amount(option.recoverable_minor)}"
    sums = (
        f"freight {page.amount(option.freight_minor)} + duty {page.amount(option.duty_minor)}"
        f" + tax {page.amount(option.tax_minor)} + fees {page.amount(option.fees_minor)}"
    )
    yield from page.row(f"= {sums}", page.amount(option.total_minor), 3)
    yield from page.words(paid, 5, "")
    for assumption in option.assumptions:
        yield from page.words(f"assumed: {assumption}", 3, "yellow")
    for flag in option.flags:
        yield from page.words(f"! {flag}", 3, "yellow")


def _step(option: Option, lines: Sequence[ChargeLine], page: Page) -> Iterator[str]:
    first = lines[0]
    total = sum(counted(line) for line in lines if line.kind != "amount")
    if first.leg is not None and first.leg < len(option.legs):
        leg = option.legs[first.leg]
        yield from page.row(_leg(leg), page.amount(total), 3)
        yield from page.words(f"rate card from {day(leg.card_from)}", 5)
    else:
        yield from page.row(EVENTS.get(first.event, first.event), page.amount(total), 3)
        yield from _regimes(option.regimes, first.event, 5, page)
    yield from _charges(lines, 5, page)


def _leg(leg: Leg) -> str:
    by = f" by {leg.transport}" if leg.transport not in ("", "none") else ""
    at = f", {leg.site}" if leg.site else ""
    zone = f", zone {leg.zone}" if leg.zone else ""
    weight = f", charged {units.weight_text(leg.chargeable_mg)} kg" if leg.chargeable_mg else ""
    return f"{leg.kind.replace('_', ' ')}{by}: {leg.service_name}{at}{zone}{weight}"


def _charges(lines: Sequence[ChargeLine], indent: int, page: Page) -> Iterator[str]:
    """Yield charges one below the other; those that no row speaks of in one sentence at the end."""
    nothing = [line for line in lines if _no_row(line)]
    for line in lines:
        if line not in nothing:
            yield from _charge(line, indent, page)
    if nothing:
        names = "; ".join(line.name or line.code.replace("_", " ") for line in nothing)
        yield from page.words(f"no row for these goods, nothing due: {names}", indent)


def _no_row(line: ChargeLine) -> bool:
    empty = line.rate.startswith("no row") and not line.amount_minor
    return empty and line.kind != "amount" and not line.at_least and not line.unknown


def _charge(line: ChargeLine, indent: int, page: Page) -> Iterator[str]:
    name = line.name or line.code.replace("_", " ")
    base = line.kind == "amount"
    words = [name] if base else [f"{name} [{line.kind}, {line.payer}]"]
    if line.collected == "checkout":
        words.append("at checkout")
    if line.recoverable:
        words.append("recoverable")
    if line.included:
        words.append("in the price of another line")
    least = ">=" if line.at_least else ""
    shown = "" if base else least + page.amount(counted(line))
    yield from page.row(", ".join(words), shown, indent, "dim" if base else "")
    own = f"{money(line.amount_minor, line.currency, page.digits)} {line.currency}"
    worked = arithmetic(line.base, line.rate)
    yield from page.words(f"{worked} = {own}" if worked not in ("", own) else own, indent + 2, "")
    yield from _parts(line.parts, indent + 4, page)
    if line.unknown:
        yield from page.words(f"not known: {line.unknown}", indent + 2, "yellow")
    if line.note:
        yield from page.words(line.note, indent + 2)
    yield from page.words(source(line.provenance), indent + 2)


def _parts(parts: Sequence[LinePart], indent: int, page: Page) -> Iterator[str]:
    """Yield what each item adds, unless all of them bear one rate: the sum says that already."""
    alike = len({part.rate for part in parts}) == 1 and not any(part.at_least for part in parts)
    if alike and len(parts) == page.items:
        return
    for part in parts[:PARTS]:
        yield from page.words(_part(part), indent, "")
    if len(parts) > PARTS:
        yield from page.words(f"and {len(parts) - PARTS} more items: see --format json", indent)


def _part(part: LinePart) -> str:
    goods = f"item {part.item}, HS {part.hs or '?'} from {part.origin}"
    worked = arithmetic(part.base, part.rate or "not known")
    return f"{goods}: {worked} = {part.amount} {part.currency}"


def arithmetic(base: str, rate: str) -> str:
    """Return how an amount comes about: a product, or a price read off at a quantity.

    >>> arithmetic("25.00 USD", "7.5 %"), arithmetic("0.46 kg", "4.10 USD"), arithmetic("", "2 USD")
    ('25.00 USD x 7.5 %', '4.10 USD at 0.46 kg', '2 USD')
    >>> arithmetic("312.00 GBP", "no row")
    '312.00 GBP, no row'
    """
    if not (base and rate):
        return base or rate
    if not any(character.isdigit() for character in rate):
        return f"{base}, {rate}"
    product = "+" not in rate and ("%" in rate or "/" in rate)
    return f"{base} x {rate}" if product else f"{rate} at {base}"


def _regimes(regimes: Sequence[RegimeChoice], event: str, indent: int, page: Page) -> Iterator[str]:
    for one in regimes:
        if one.event == event:
            word = "regime" if one.taken else "passed over"
            why = f": {one.why}" if one.why else ""
            yield from page.words(
                f"{word} {one.name or one.id}{why}", indent, "" if one.taken else "dim"
            )


def source(provenance: Provenance) -> str:
    """Return who says so: title, days, confidence and the line of the table."""
    parts = [provenance.title or provenance.url]
    if provenance.since:
        parts.append(f"since {day(provenance.since)}")
    if provenance.checked:
        parts.append(f"checked {day(provenance.checked)}")
    parts.append(provenance.confidence)
    place = f"{provenance.table}:{provenance.line}" if provenance.line else provenance.table
    return ", ".join(part for part in parts if part) + (f" ({place})" if place else "")


def _foot(
    fx: Sequence[FxUse], assumptions: Sequence[str], flags: Sequence[str], page: Page
) -> list[str]:
    lines: list[str] = []
    for use in fx:
        words = f"1 {use.base} = {use.rate} {use.quote} on {day(use.on)}, {use.source}"
        lines += page.words(words, 0)
    for assumption in assumptions:
        lines += page.words(f"assumed: {assumption}", 0, "yellow")
    for flag in flags:
        lines += page.words(f"! {flag}", 0, "yellow")
    return [*lines, ""] if lines else []


def excluded_lines(excluded: Sequence[Excluded], page: Page) -> list[str]:
    """Return each excluded mode or service with its reason and what would let it in."""
    if not excluded:
        return []
    lines = [page.style(f"Excluded ({len(excluded)})", "bold")]
    for one in excluded:
        lines += page.words(f"{told(one)} [{one.code}]", 2, "")
        if one.fix:
            lines += page.words(one.fix, 6)
    return lines
