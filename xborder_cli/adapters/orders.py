"""Orders from files: rows grouped to shipments; what cannot be read is kept, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from xborder_cli.adapters.line_sums import LineSums
from xborder_cli.adapters.order_cells import (
    FIELDS,
    MADE,
    OF_PIECE,
    Cells,
    column_of,
    order_currency,
)
from xborder_cli.adapters.order_faults import HEADING_AGAIN, Refused, Reject, is_heading
from xborder_cli.adapters.order_items import item_text, items_of
from xborder_cli.adapters.order_limits import judge_limits
from xborder_cli.adapters.order_rows import OrderRow, OrderRows, read_rows
from xborder_cli.adapters.products import Products, completed, judge_sku, packed, unweighed
from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.adapters.stated import Stated
from xborder_cli.errors import OrderError, Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xborder_cli.adapters.items import ItemText
    from xborder_cli.adapters.names import Names
    from xborder_cli.core.shipment import Item, Shipment

COLUMNS = FIELDS
KNOWN = ("order_id", *COLUMNS, *MADE)
OF_ITEM = ("goods", "hs", "made_in", "quantity", "value", "units", "parts", "traits", "claims")
OF_ORDER = tuple(one.name for one in fields(Stated) if one.name not in (*OF_ITEM, "items"))
PIECES = {whole: column for column, whole in OF_PIECE.items()}
REQUIRED = {"from": "origin", "to": "destination", "value": "value"}


@dataclass(frozen=True, slots=True)
class Order:
    """Rows of one order: the shipment they make, or why they make none."""

    id: str
    rows: tuple[OrderRow, ...]
    shipment: Shipment | None
    rejects: tuple[Reject, ...] = ()
    said: tuple[str, ...] = ()  # what was assumed to make the shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What holds for every order of a file."""

    path: str
    defaults: Stated  # where a cell is blank
    today: int  # the day of orders that name none, since 1970-01-01
    names: Names | None  # what the tables know; None judges nothing
    products: Products | None = None  # by SKU
    shared: ItemText = field(init=False)  # what the flags say of every line

    def __post_init__(self) -> None:
        """Take out of the flags what every line shares."""
        lines = replace(self.defaults, value="", quantity="", units=(), parts=())
        object.__setattr__(self, "shared", item_text(lines))


def read_orders(
    raw: bytes,
    path: str,
    *,
    mapped: Mapping[str, str],
    defaults: Stated,
    today: int,
    names: Names | None,
) -> tuple[OrderRows, Iterator[Order]]:
    """Return the rows of a file and, one by one, the orders they make, in order of first rows.

    Args:
        raw: bytes of the file.
        path: its name, for messages.
        mapped: our column -> theirs.
        defaults: what holds where a cell is blank.
        today: the day of orders that name none, since 1970-01-01.
        names: what the tables know; None judges nothing.

    Raises:
        OrderError: the file cannot be read at all, or lacks a column.
    """
    found = read_rows(raw, path, known=KNOWN, mapped=mapped)
    _require(found, defaults)
    reading = Reading(path=path, defaults=defaults, today=today, names=names)
    return found, (
        order_from_rows(key, tuple(rows), reading) for key, rows in _grouped(found).items()
    )


def _grouped(found: OrderRows) -> dict[str, list[OrderRow]]:
    """Return the rows of each order by its name.

    Rows without a name are orders of their own: named by their number when no row has a name, else
    by their line in a way that no other order is named.
    """
    taken = {name for row in found.rows if (name := row.cells.get("order_id", ""))}
    groups: dict[str, list[OrderRow]] = {}
    unnamed = []
    for number, row in enumerate(found.rows, 1):
        name = row.cells.get("order_id", "")
        if not name:
            name = str(number)
            if "order_id" in found.theirs:
                name = f"line-{row.line}"
                while name in taken:
                    name += "-unnamed"
                unnamed += [] if row.broken else [name]
        groups.setdefault(name, []).append(row)
    if unnamed:
        count = f"{len(unnamed)} rows have" if len(unnamed) > 1 else "1 row has"
        found.remarks.append(
            f"{count} no {found.theirs['order_id']}: named by line, as {unnamed[0]}"
        )
    return groups


def _require(found: OrderRows, defaults: Stated) -> None:
    """Raise OrderError when a column that no order can do without is missing everywhere."""
    present = {column for row in found.rows for column in row.cells} | set(found.theirs)
    nested = any(row.items for row in found.rows) or "items" in present
    problems = []
    for column, name in REQUIRED.items():
        if (
            column in present
            or (column == "value" and "unit_price" in present)
            or getattr(defaults, name)
            or (column == "value" and (nested or defaults.items))
        ):
            continue
        what = f'no column "{column}"'
        fix = f"name yours with --map {column}=THEIRS"
        if column != "value":
            fix += f", or give --{column} for all rows"
        if found.ignored:
            fix += f"; not used: {', '.join(found.ignored)}"
        where = Where(found.path, 1)
        problems.append(Problem(code="no-column", where=where, what=what, fix=fix))
    if problems:
        raise OrderError(problems)


def order_from_rows(order_id: str, rows: tuple[OrderRow, ...], reading: Reading) -> Order:
    """Return the order that some rows make, or the faults that keep them from making one."""
    reader = Refused(path=reading.path, row=rows[0])
    rejects = reader.rejects
    alone = len(rows) == 1
    lines = _completed(_without_sums(rows), reading, alone=alone)
    currency = order_currency(rows, tuple(line.cells for line in lines))
    weighed = any("weight" in row.cells for row in rows) or bool(reading.defaults.weight)
    common: dict[str, object] = {}
    said_in: dict[str, OrderRow] = {}
    items: list[Item] = []
    sums = LineSums(reader, reading.names)
    whole_read = True
    for row in lines:
        reader.row, reader.aliases = row, {}
        if row.broken or is_heading(row):
            code, words = ("bad-row", row.broken) if row.broken else HEADING_AGAIN
            rejects.append(Reject(row.line, "", code, words, row.raw))
            whole_read = False
            continue
        for theirs, ours in row.twice:
            words = f'another column says "{ours}" in this row too; say which with --map'
            rejects.append(Reject(row.line, theirs, "two-columns", words, row.raw))
        if not judge_sku(row, reading.products, reader, alone=alone, weighed=weighed):
            whole_read = False
            continue
        cells = Cells(row, reader, reading.names, currency)
        if alone:
            cells.quantity = reading.defaults.quantity
        reader.aliases = cells.aliases
        stated = cells.stated()
        _agree(common, stated, reader)
        for name in common.keys() - said_in.keys():
            said_in[name] = row
        if not row.sums_up:
            items += items_of(
                row, stated, reading.defaults, reading.shared, reader, reading.names, alone=alone
            )
            own = stated.items or row.items
            listed = bool(own or (alone and not stated.value and reading.defaults.items))
            sums.add(cells, stated, listed=listed)
    reader.aliases = {}
    sums.into(common, said_in)
    reader.row, reader.said_in = rows[0], said_in
    shipment = None
    said: tuple[str, ...] = ()
    whole = _filled(common, reading.defaults)
    sound = not rejects
    try:
        if sound:
            whole, said = packed(whole, lines, items, reading.products)
            if reading.products is not None and not whole.weight:
                said_in["weight"] = unweighed(lines, reading.products)
                if "weight" not in rows[0].theirs:
                    reader.aliases = {"weight": "sku"}
        if whole_read:  # of an order at fault, too, everything is told at once
            shipment = read_shipment(
                whole,
                today=reading.today,
                names=reading.names,
                reader=reader,
                order_id=order_id,
                items=tuple(items),
                weighed=sound,
            )
            judge_limits(shipment, reader)
    except UsageError:
        pass  # every problem stands in `rejects`
    if rejects:
        rejects += _companions(rows, rejects, order_id)
        return Order(order_id, rows, None, tuple(sorted(rejects, key=lambda one: one.line)))
    return Order(order_id, rows, shipment, (), said)


def _without_sums(rows: tuple[OrderRow, ...]) -> tuple[OrderRow, ...]:
    """Return rows where one that only sums up the lines of its order says nothing of goods."""
    marked = [bool(row.cells.get("line_mark")) for row in rows]
    if all(marked) or not any(marked):
        return rows
    return tuple(
        row if is_line or row.broken else replace(row, cells=_of_whole(row), sums_up=True)
        for row, is_line in zip(rows, marked, strict=True)
    )


def _of_whole(row: OrderRow) -> dict[str, str]:
    """Return the cells of a row that are of its whole order."""
    of_item = {column for column, name in COLUMNS.items() if name in OF_ITEM}
    of_item |= {"unit_price", *OF_PIECE, "sku", "items"}
    return {column: text for column, text in row.cells.items() if column not in of_item}


def _completed(
    rows: tuple[OrderRow, ...], reading: Reading, *, alone: bool
) -> tuple[OrderRow, ...]:
    """Return the rows with what the catalogue says of their SKU where they are silent."""
    if reading.products is None:
        return rows
    default = reading.defaults if alone else Stated()
    return tuple(completed(row, reading.products, default) for row in rows)


def _companions(rows: tuple[OrderRow, ...], rejects: list[Reject], order_id: str) -> list[Reject]:
    """Return a reject for each sound row of an order that another row spoils."""
    bad = {reject.line for reject in rejects}
    first = min(bad)
    words = f"line {first} of order {order_id} is rejected"
    return [
        Reject(row.line, "order_id", "order-incomplete", words, row.raw)
        for row in rows
        if row.line not in bad
    ]


def _agree(common: dict[str, object], stated: Stated, reader: Refused) -> None:
    """Add what holds for the whole order; a later row may repeat it but not contradict it."""
    for name in OF_ORDER:
        now = getattr(stated, name)
        if not now:
            continue
        before = common.setdefault(name, now)
        if before != now:
            here, there = (
                ";".join(one) if isinstance(one, tuple) else one for one in (now, before)
            )
            what = f'"{here}" here, "{there}" in an earlier row of the same order'
            fix = "say it once, or the same in each row; it is of the whole parcel"
            if column := PIECES.get(name, ""):
                theirs = reader.row.theirs.get(column_of(name), column_of(name))
                fix += f"; where it is of one piece, it is {column} (--map '{column}={theirs}')"
            reader.problem(name, "rows-disagree", what, fix)


def _filled(common: Mapping[str, object], defaults: Stated) -> Stated:
    """Return the words of a whole order, blanks from the flags; lists follow theirs."""
    given: dict[str, object] = {}
    for name in OF_ORDER:
        mine, other = common.get(name, ()), getattr(defaults, name)
        if isinstance(other, tuple):
            assert isinstance(mine, tuple)
            given[name] = (*other, *mine)
        elif mine or other:
            given[name] = mine or other
    return Stated(**given)  # type: ignore[arg-type]  # fields of ours by construction
