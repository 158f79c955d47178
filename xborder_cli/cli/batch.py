"""`xb batch`: prices files of orders; a bad row never stops a file and never vanishes."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.adapters.stated import Stated
from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, switch, takes
from xborder_cli.cli.options import OUTPUT_GROUP, RANK, SHIPMENT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO

    from xborder_cli.adapters.orders import Order, Reject
    from xborder_cli.cli.progress import Progress
    from xborder_cli.cli.render.rows import Row
    from xborder_cli.cli.session import Session
    from xborder_cli.cli.streams import Streams
    from xborder_cli.core.answer import Quote
    from xborder_cli.core.rule import Money
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.errors import Problem
    from xborder_cli.tables.compile import Compiled

EXAMPLES = """\b
Examples:
  xb batch orders.csv -o priced.csv --rejects bad.csv
  xb batch export.csv --map order_id=Name --map 'to=Shipping Country' --from CN --weight 0.5kg
  cat orders.jsonl | xb batch - --format jsonl | jq .landed_cost
"""
CHUNK = 500  # orders priced together
EVERY = 1_000_000  # more than any order has
TOLD = 5  # rejected rows shown when no file keeps them
FORMATS = ("csv", "jsonl", "json", "table")
# columns of a table that nobody chose: a terminal has no room for all
SHORT = ("order_id", "rank", "mode", "service", "days", "total", "currency", "problem")
EXTENSIONS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"}


@dataclass(slots=True)
class Tally:
    """What became of the rows that came in."""

    rows: int = 0
    orders: int = 0
    priced: int = 0
    priced_rows: int = 0
    unpriceable: int = 0
    unpriceable_rows: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rejected_rows(self) -> int:
        """Return how many rows were rejected; one row may have several faults."""
        return len({reject.line for reject in self.rejects})


@takes(shipment=SHIPMENT_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def batch(
    ctx: typer.Context,
    shipment: Stated,
    output: OutputFlags,
    tables: TableFlags,
    *,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="orders, CSV or JSON lines; - is stdin")
    ] = "",
    out: Annotated[
        str, flag("--out", "-o", metavar="FILE", help="where priced orders go, written when whole")
    ] = "",
    rejects: Annotated[
        str, flag("--rejects", metavar="FILE", help="where rows go that cannot be read, with why")
    ] = "",
    maps: Annotated[
        list[str] | None,
        flag("--map", metavar="OURS=THEIRS", help="their column for one of ours; repeatable"),
    ] = None,
    currency: Annotated[str, RANK["currency"]] = "",
    by: Annotated[str, RANK["by"]] = "cost",
    day_value: Annotated[str, RANK["day_value"]] = "",
    top: Annotated[str, RANK["top"]] = "",
    everything: Annotated[
        bool, switch("--all", group="Ranking", help="every option of an order")
    ] = False,
) -> None:
    """Price a file of orders; flags of a parcel hold where a row has nothing of its own.

    --value, --quantity, --unit and --part hold for orders of one line. Rows with the same order_id
    make one order; a blank one is named by its line, as line-17.
    """
    from pathlib import Path

    from xborder_cli.adapters.files import whole_file
    from xborder_cli.adapters.orders import KNOWN, read_orders
    from xborder_cli.cli.output import fields_of, format_of, write_rows
    from xborder_cli.cli.progress import Progress
    from xborder_cli.cli.render.rows import ORDER_FIELDS
    from xborder_cli.cli.request import read_ranking, read_top
    from xborder_cli.cli.session import names_of, today
    from xborder_cli.errors import ExitCode

    session: Session = ctx.obj
    streams = session.streams
    default = EXTENSIONS.get(Path(out).suffix.lower(), "csv") if out else ""
    kind = format_of(output, streams, FORMATS, default)
    fields = fields_of(output, ORDER_FIELDS)
    if kind == "table" and not output.fields:
        fields = SHORT
    _judge_files(file, out, rejects)
    mapped = _mapped(maps, KNOWN)
    raw, name = _input(ctx, file)
    known = session.open_tables(tables)
    worth = read_ranking(by, currency, day_value, known)
    count = read_top(top) or 1
    shipment = shipment.filled_from(Stated(assume=session.settings.assume))
    found, orders = read_orders(
        raw, name, mapped=mapped, defaults=shipment, today=today(), names=names_of(known)
    )
    for remark in found.remarks:
        streams.say(remark)
    if found.ignored:
        streams.say(f"columns not used: {', '.join(found.ignored)}")
    tally = Tally(rows=len(found.rows))
    ask = _Ask(
        known,
        currency.upper(),
        by,
        worth if by == "value" else None,
        EVERY if everything else count,
    )
    rows = _rows(orders, ask, tally, Progress(streams, len(found.rows)))
    if fields is SHORT:
        rows = (_marked(row) for row in rows)
    # both files are opened before anything is priced, and appear together at the end
    with (
        whole_file(Path(rejects)) if rejects else nullcontext() as refused,
        whole_file(Path(out)) if out else nullcontext(streams.out) as target,
    ):
        streams.out, kept = target, streams.out
        write_rows(rows, fields, kind, streams)
        streams.out = kept
        _keep_rejects(tally, refused, name, streams)
    _tell(tally, streams)
    if tally.rejects or tally.unpriceable:
        session.status = ExitCode.PARTLY


@dataclass(frozen=True, slots=True)
class _Ask:
    """What every order of the file is asked."""

    tables: Compiled
    currency: str
    by: str
    day_value: Money | None
    top: int

    def __call__(self, shipments: list[Shipment]) -> list[Quote | Problem]:
        """Return a quote for each, or the problem that left it without."""
        from xborder_cli.core.pipeline import best, quote
        from xborder_cli.errors import XbError

        if not shipments:
            return []
        if self.day_value is not None:
            return [self._weighed(quote, shipment) for shipment in shipments]
        try:
            found = best(self.tables, shipments, currency=self.currency, by=self.by, top=self.top)
        except XbError as error:
            if len(shipments) == 1:
                return [error.problems[0]]
            half = len(shipments) // 2  # one order that no table knows must not stop the others
            return [*self(shipments[:half]), *self(shipments[half:])]
        return list(found)

    def _weighed(self, quote: Callable[..., Quote], shipment: Shipment) -> Quote | Problem:
        """Return the quote of one order, its days worth money."""
        from dataclasses import replace

        from xborder_cli.errors import XbError

        try:
            found = quote(
                self.tables,
                shipment,
                currency=self.currency,
                by=self.by,
                day_value=self.day_value,
            )
        except XbError as error:
            return error.problems[0]
        return replace(found, options=found.options[: self.top])


def _judge_files(file: str, out: str, rejects: str) -> None:
    """Raise UsageError when two of the files are one: writing it would lose what it held."""
    from itertools import combinations
    from pathlib import Path

    from xborder_cli.errors import Problem, UsageError, Where

    named = {"FILE": file if file != "-" else "", "--out": out, "--rejects": rejects}
    problems = []
    for (one, path), (other, second) in combinations(named.items(), 2):
        if path and second and _same(Path(path), Path(second)):
            what = f"{second} is {one} already"
            fix = "name another file"
            problems.append(Problem(code="same-file", where=Where(other), what=what, fix=fix))
    if problems:
        raise UsageError(problems)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _mapped(maps: list[str] | None, known: tuple[str, ...]) -> dict[str, str]:
    """Return our column -> theirs."""
    import difflib

    from xborder_cli.adapters.order_rows import normal
    from xborder_cli.errors import Problem, UsageError, Where

    found: dict[str, str] = {}
    problems = []
    for text in maps or ():
        ours, equals, theirs = (part.strip() for part in text.partition("="))
        ours = normal(ours)
        if not (equals and theirs):
            what, fix = f'"{text}" has no "="', "write OURS=THEIRS, such as to=Country"
        elif ours not in known:
            near = difflib.get_close_matches(ours, known, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            what, fix = f'no column "{ours}" of ours', f"{hint}known are {', '.join(known)}"
        else:
            found[ours] = theirs
            continue
        problems.append(Problem(code="bad-map", where=Where("--map"), what=what, fix=fix))
    if problems:
        raise UsageError(problems)
    return found


def _input(ctx: typer.Context, file: str) -> tuple[bytes, str]:
    """Return the bytes of the file, and its name for messages."""
    import sys
    from pathlib import Path

    from xborder_cli.errors import OrderError, Problem, UsageError, Where

    if not file and sys.stdin.isatty():
        sys.stderr.write(ctx.get_help() + "\n")
        raise UsageError(Problem(code="no-file", what="no file of orders", fix="name one, or -"))
    if file in ("", "-"):
        return sys.stdin.buffer.read(), "stdin"
    try:
        return Path(file).read_bytes(), file
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise OrderError(Problem(code="no-file", where=Where(file), what=what)) from None


def _rows(orders: Iterator[Order], ask: _Ask, tally: Tally, progress: Progress) -> Iterator[Row]:
    """Yield the output, a chunk of orders at a time, in the order of the file."""
    from itertools import islice

    from xborder_cli.cli.render.rows import OPTION_FIELDS, ORDER_FIELDS, days
    from xborder_cli.errors import Problem

    while chunk := list(islice(orders, CHUNK)):
        readable = [order for order in chunk if order.shipment is not None]
        answers = iter(ask([order.shipment for order in readable if order.shipment is not None]))
        for order in chunk:
            tally.orders += 1
            if order.shipment is None:
                tally.rejects += order.rejects
                continue
            answer = next(answers)
            if isinstance(answer, Problem) or not answer.options:
                tally.unpriceable += 1
                tally.unpriceable_rows += len(order.rows)
                code, reason = _reason(answer)
                blank = dict.fromkeys(ORDER_FIELDS, "")
                yield {**blank, "days": "", "order_id": order.id, "problem": code, "reason": reason}
                continue
            tally.priced += 1
            tally.priced_rows += len(order.rows)
            for option in answer.options:
                row = {
                    n: make(answer, option, ask.tables.digits) for n, make in OPTION_FIELDS.items()
                }
                yield {**row, "days": days(option), "problem": "", "reason": ""}
        progress.step(sum(len(order.rows) for order in chunk))
    progress.end()
    accounted = tally.priced_rows + tally.unpriceable_rows + tally.rejected_rows
    assert accounted == tally.rows, f"{tally.rows} rows came in, {accounted} are accounted for"


def _marked(row: Row) -> Row:
    """Return a row whose total says when it is a lower bound, where no other column does."""
    return {**row, "total": f">={row['total']}"} if row["complete"] == "false" else row


def _reason(answer: Quote | Problem) -> tuple[str, str]:
    """Return why an order has no option: the one reason, or the commonest and how many more."""
    from collections import Counter

    from xborder_cli.cli.render.rows import told
    from xborder_cli.errors import Problem

    if isinstance(answer, Problem):
        return answer.code, answer.what
    excluded = [one for one in answer.excluded if one.code != "no-rate-card"] or answer.excluded
    if not excluded:
        return "no-option", "no mode serves this lane"
    code, _ = Counter(one.code for one in excluded).most_common(1)[0]
    first = next(one for one in excluded if one.code == code)
    more = f"; {len(answer.excluded) - 1} more excluded" if len(answer.excluded) > 1 else ""
    return code, f"{told(first)}{more}"


def _keep_rejects(tally: Tally, file: TextIO | None, path: str, streams: Streams) -> None:
    """Write the rejected rows to their file, or show the first ones."""
    if file is not None:
        from xborder_cli.cli.render.csv import csv_line

        file.write(csv_line(["line", "column", "code", "words", "row"]))
        for one in tally.rejects:
            file.write(csv_line([str(one.line), one.column, one.code, one.words, one.raw]))
        return
    for one in tally.rejects[:TOLD]:
        column = f"{one.column}: " if one.column else ""
        streams.warn(f"{path}:{one.line}: {column}{one.words} [{one.code}]")
    if len(tally.rejects) > TOLD:
        streams.warn(f"{len(tally.rejects) - TOLD} more; --rejects FILE keeps all")


def _tell(tally: Tally, streams: Streams) -> None:
    parts = [f"{tally.priced} of {tally.orders} orders priced"]
    if tally.rejects:
        parts.append(f"{tally.rejected_rows} of {tally.rows} rows rejected")
    if tally.unpriceable:
        parts.append(f"{tally.unpriceable} without any option")
    (streams.warn if tally.rejects else streams.say)(", ".join(parts))
