"""What is wrong between the bands of one column: holes, overlaps, falling prices, jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.rule import Band, Ratio, Terms
from xborder_cli.errors import Where
from xborder_cli.units import WEIGHT_MG, ratio_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.tables.reader import Reader

HOLE = Terms((), words="-")  # an empty cell of a wide grid
Entry = tuple[Band, Where]
_JUMP = 10


def check_order(reader: Reader, key: str, entries: list[Entry], ends: str) -> None:
    """Note bands that cannot be reached, and holes in a column; then forget the empty cells."""
    name = f"{key}: " if key else ""
    seen: Ratio | None = None
    closed = False
    kept: list[Entry] = []
    for index, (band, where) in enumerate(entries):
        limit = band.limit
        if closed:
            what = f"{name}no parcel reaches this band, the one before it has no end"
            reader.report("unreachable-band", where, what, "put the open band last")
        elif limit is None:
            closed = ends == "up_to"
            if ends == "from" and index:
                what = f"{name}a band that begins nowhere stands after others"
                reader.report("unreachable-band", where, what, "put it first, or give its limit")
        elif seen is not None and limit.amount[0] * seen[1] <= seen[0] * limit.amount[1]:
            what = f"{name}this band's limit is not above the one before it"
            reader.report("band-overlap", where, what, "put limits in rising order, each once")
        if limit is not None:
            seen = limit.amount
        if band.terms is not HOLE:
            kept.append((band, where))
        elif _is_hole(entries, index, ends):
            what = f"{name}this band has no price, its neighbours have"
            reader.report("band-gap", where, what, "fill in the price")
    entries[:] = kept


def _is_hole(entries: list[Entry], index: int, ends: str) -> bool:
    """Return whether another band of the column would silently cover an empty cell."""
    others: Iterable[Entry] = entries[index + 1 :] if ends == "up_to" else entries[:index]
    return any(band.terms is not HOLE for band, _ in others)


def check_falls(reader: Reader, key: str, entries: list[Entry], kind: str) -> None:
    """Note flat prices that fall as the weight rises, or jump ten times."""
    if kind != "whole":
        return
    before: tuple[str, Ratio, Ratio, Band] | None = None
    for band, where in entries:
        price = _flat_by_weight(band)
        if price is None:
            before = None
            continue
        currency, (top, bottom), (limit, part) = price
        if before is not None and before[0] == currency:
            was_top, was_bottom = before[1]
            if top * was_bottom < was_top * bottom and not reader.allow_fall:
                fix = "check the printed tariff; if the carrier means it, set allow_fall: true"
                what = f"{_priced(key, band)}, less than {_priced('', before[3])}"
                reader.report("rate-falls", where, what, fix)
            elif (
                top * was_bottom >= was_top * bottom * _JUMP > 0
                and limit * before[2][1] < before[2][0] * part * _JUMP
            ):
                what = f"{_priced(key, band)}, ten times or more of {_priced('', before[3])}"
                reader.report("rate-jumps", where, what, "check the decimal point", warning=True)
        before = (currency, (top, bottom), (limit, part), band)


def _flat_by_weight(band: Band) -> tuple[str, Ratio, Ratio] | None:
    """Return currency, price and limit of a band whose price is one flat amount by weight."""
    terms, limit = band.terms, band.limit
    if limit is None or limit.unit not in WEIGHT_MG or len(terms.parts) != 1:
        return None
    part = terms.parts[0]
    if not part.currency or part.units or terms.low or terms.high:
        return None
    return part.currency, part.amount, limit.amount


def _priced(key: str, band: Band) -> str:
    limit = band.limit
    assert limit is not None
    price = (
        f"{ratio_text(band.terms.parts[0].amount, 2)} at {ratio_text(limit.amount)} {limit.unit}"
    )
    return f"{key} costs {price}" if key else price
