"""The flags of `xb batch` judged one by one: files that are one, maps, sizes, formats."""

from __future__ import annotations

import difflib
import os
import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from xborder_cli.adapters.stated import Stated
    from xborder_cli.tables.compile import Compiled

FORMATS: Final = ("csv", "jsonl", "json", "parquet", "table")
EXTENSIONS: Final = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
}
PACKED: Final = (".gz", ".zst", ".zip", ".bz2", ".xz")
BLOCK: Final = 10 << 20
LEAST_BLOCK: Final = 1 << 10
SIZE: Final = re.compile(r"(\d+)\s*([kmg]?)(i?b)?", re.IGNORECASE)
FACTORS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def default_format(out: str) -> str:
    """Return the format that a file's name asks for, "" for no file.

    Raises:
        UsageError: the name promises a packed file.
    """
    if not out:
        return ""
    suffix = Path(out).suffix.lower()
    if suffix in PACKED:
        what = f"{out} would be packed; the output is not"
        fix = "write a pipe: xb batch ... --format csv | gzip > FILE; or .parquet, packed inside"
        raise UsageError(Problem(code="bad-out", where=Where("--out"), what=what, fix=fix))
    return EXTENSIONS.get(suffix, "csv")


def judge_files(named: Sequence[tuple[str, str]]) -> None:
    """Raise UsageError when two of the files are one: writing it would lose what it held.

    Args:
        named: flag and file; FILE for each input, several may be given.
    """
    from xborder_cli.batch.partfile import is_device

    problems = []
    for (one, path), (other, second) in combinations(named, 2):
        if not path or not second or "-" in (path, second) or not _same(Path(path), Path(second)):
            continue
        if one != "FILE" and is_device(Path(path)):
            continue  # two may go to /dev/null
        what, fix = f"{second} is {one} already", "name another file"
        if one == other:
            what, fix = f"{second} is given twice", "its orders would be priced twice"
        problems.append(Problem(code="same-file", where=Where(other), what=what, fix=fix))
    if problems:
        raise UsageError(problems)


def judge_tables(tables: Compiled) -> None:
    """Raise UsageError when the tables cannot price a row, as --no-bundled may leave them."""
    if tables.digits and tables.countries:
        return
    what = "the folders have no countries and currencies"
    fix = "leave out --no-bundled, or name a folder with those tables: --rates DIR"
    raise UsageError(Problem(code="no-folder", where=Where("--no-bundled"), what=what, fix=fix))


def judge_shipment(stated: Stated, tables: Compiled, today: int) -> None:
    """Raise UsageError for flags of a parcel that no row could use: told once, at the flag.

    What hangs on a row is left to the rows: scheme and region on its country, items and parts on
    its goods.
    """
    from dataclasses import replace

    from xborder_cli.adapters.reader import at_flag
    from xborder_cli.adapters.shipments import read_shipment
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.understand import names_of

    alone = replace(stated, scheme="", region="", items=(), parts=())
    if alone == Stated():
        return
    given = {at_flag(name)[0] for name in Stated.__slots__ if getattr(alone, name)}
    if not alone.value:  # goods are read only together with what they are worth
        alone = replace(alone, value=f"1{next(iter(tables.digits), '')}")
    try:
        read_shipment(alone, today=today, names=names_of(tables))
    except UsageError as error:
        problems = [one for one in error.problems if one.where in given and one.code != "missing"]
        if problems:
            raise UsageError(problems) from None


def judge_report(path: str) -> None:
    """Raise UsageError when the report could not be written: it comes last, after all the work."""
    from xborder_cli.batch.partfile import cannot_write

    target = Path(path)
    if not path or path == "-":
        return
    if target.is_dir():
        raise cannot_write(target, "it is a folder", "name a file in it")
    if not target.parent.is_dir():
        raise cannot_write(target, f"there is no folder {target.parent}", "make it")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def mapped_of(maps: Sequence[str], currencies: Collection[str]) -> dict[str, str]:
    """Return our column, with a unit where one is said, -> theirs.

    >>> mapped_of(["to=Country", "Weight_g = Mass"], ())
    {'to': 'Country', 'weight_g': 'Mass'}

    Raises:
        UsageError: with everything that is no map.
    """
    from xborder_cli.adapters.order_rows import normal
    from xborder_cli.adapters.orders import KNOWN
    from xborder_cli.batch.headings import ours_of

    found: dict[str, str] = {}
    problems = []
    for text in maps:
        ours, equals, theirs = (part.strip() for part in text.partition("="))
        ours = normal(ours)
        if not (equals and theirs):
            what, fix = f'"{text}" has no "="', "write OURS=THEIRS, such as to=Country"
        elif not ours_of(ours, currencies)[0]:
            near = difflib.get_close_matches(ours, KNOWN, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            what, fix = f'no column "{ours}" of ours', f"{hint}known are {', '.join(KNOWN)}"
        else:
            found[ours] = theirs
            continue
        problems.append(Problem(code="bad-map", where=Where("--map"), what=what, fix=fix))
    if problems:
        raise UsageError(problems)
    return found


def block_bytes_of(text: str) -> int:
    """Return how much of the input is read at a time.

    >>> block_bytes_of("64KiB"), block_bytes_of("")
    (65536, 10485760)

    Raises:
        UsageError: it is no size.
    """
    if not text:
        return BLOCK
    found = SIZE.fullmatch(text.strip())
    size = int(found[1]) * FACTORS[found[2].lower()] if found else 0
    if size < LEAST_BLOCK:
        what, fix = f'"{text}" is not a size of 1 KiB or more', "write 8MiB"
        problem = Problem(code="bad-block-size", where=Where("--block-size"), what=what, fix=fix)
        raise UsageError(problem)
    return size


def workers_of(text: str) -> int:
    """Return how many processes price: one a core when nobody says.

    Raises:
        UsageError: it is no count.
    """
    if not text:
        return _cores()
    if not (text.isascii() and text.isdigit() and int(text)):
        what, fix = f'"{text}" is not a count', "write 1 or more"
        raise UsageError(Problem(code="bad-workers", where=Where("--workers"), what=what, fix=fix))
    return int(text)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def delimiter_of(text: str) -> str:
    r"""Return the character between cells, "" to look for it.

    >>> delimiter_of(r"\t"), delimiter_of("tab"), delimiter_of(";")
    ('\t', '\t', ';')

    Raises:
        UsageError: it is not one character.
    """
    found = {"\\t": "\t", "tab": "\t"}.get(text, text)
    if len(found) > 1 or found in ('"', "\n", "\r"):
        what, fix = f'"{text}" does not part cells', 'write one character, such as ";" or tab'
        place = Where("--delimiter")
        raise UsageError(Problem(code="bad-delimiter", where=place, what=what, fix=fix))
    return found
