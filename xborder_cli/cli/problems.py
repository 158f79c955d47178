"""Problems as text: place, words, code; the fix; on a terminal also the line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.cli.streams import Streams
    from xborder_cli.core.answer import Quote
    from xborder_cli.errors import Problem

MOST = 200  # problems that anybody reads at once; one fault may bring thousands
CONTEXT_LIMIT = 160  # characters of a source line worth showing


def show(problems: Iterable[Problem], streams: Streams) -> None:
    """Write problems to standard error, each once, in the order found; of very many the first."""
    person = streams.err.isatty()
    bold, red, plain = (
        ("\x1b[1m", "\x1b[31m", "\x1b[0m") if streams.colour(streams.err) else [""] * 3
    )
    found = list(dict.fromkeys(problems))
    for problem in found[:MOST]:
        colour = "" if problem.warning else red
        streams.warn(f"{bold}{colour}{problem}{plain}" if bold else str(problem))
        if person:
            for line in _context(problem):
                streams.warn(line)
        if problem.fix:
            streams.warn(f"  fix: {problem.fix}")
    if len(found) > MOST:
        more = len(found) - MOST
        streams.warn(f"and {more:,} more; they may come of these: mend these first")


def _context(problem: Problem) -> list[str]:
    """Return the source line that a problem points at, with a caret under its column."""
    where = problem.where
    if not (where.path and where.line):
        return []
    try:
        with open(where.path, encoding="utf-8") as file:  # noqa: PTH123  # one line, no pathlib needed
            text = next((line for n, line in enumerate(file, 1) if n == where.line), "")
    except (OSError, UnicodeDecodeError):
        return []
    text = text.rstrip("\n")
    if not text or len(text) > CONTEXT_LIMIT:
        return []
    number = f"{where.line:5d} | "
    shown = [number + text]
    if where.column:
        shown.append(" " * (len(number) + _cells(text[: where.column - 1])) + "^")
    return shown


def _cells(text: str) -> int:
    from xborder_cli.cli.render.text import cells

    return cells(text)


def no_option(quote: Quote, streams: Streams) -> None:
    """Say on standard error that nothing can be priced, and why."""
    from xborder_cli.cli.render.rows import told

    shipment = quote.shipment
    streams.warn(
        f"no way from {shipment.origin} to {shipment.destination} could be priced"
        f" [no-option]; {len(quote.excluded)} excluded:"
    )
    for one in quote.excluded:
        streams.warn(f"  {told(one)} [{one.code}]")
        if one.fix:
            streams.warn(f"    fix: {one.fix}")
