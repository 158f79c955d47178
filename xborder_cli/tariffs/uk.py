"""Files of the UK Trade Tariff -> rates by code."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.line import Programme, Tariff, Unread
from xborder_cli.tariffs.taric_areas import Areas
from xborder_cli.tariffs.taric_measures import HEADING, LINE, ROWS, Measure, Reading, goods_code
from xborder_cli.tariffs.taric_sheet import open_sheet
from xborder_cli.tariffs.uk_global import is_global, read_global
from xborder_cli.tariffs.uk_json import is_json, read_json
from xborder_cli.tariffs.uk_tree import Commodity, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from xborder_cli.tariffs.taric_sheet import Sheet

DESCRIPTION: Final = "description"
NO_CODE: Final = "description-without-code"
TITLE: Final = "UK Trade Tariff"
URL: Final = "https://data.api.trade.gov.uk/v1/datasets/uk-tariff-2021-01-01/versions"
# names of columns: of the editions with and without `commodity__` and `measure__`
CODE: Final = ("commodity_code", "code", "goods_nomenclature_item_id")
TYPE: Final = ("measure_type_id", "type_id")
DUTY: Final = ("measure_duty_expression", "duty_expression", "measure_duty_rate", "duty_rate")
AREA: Final = ("measure_geographical_area_id", "geographical_area_id")
EXCLUDED: Final = (
    "measure_excluded_geographical_areas_ids",
    "excluded_geographical_areas_ids",
)
SINCE: Final = (
    "measure_effective_start_date",
    "effective_start_date",
    "measure_validity_start_date",
    "validity_start_date",
)
UNTIL: Final = (
    "measure_effective_end_date",
    "effective_end_date",
    "measure_validity_end_date",
    "validity_end_date",
)
EXTRA: Final = ("measure_additional_code_code", "additional_code_code", "additional_code")
EXTRA_WORDS: Final = ("measure_additional_code_description", "additional_code_description")
ORDER: Final = ("measure_quota_order_number", "quota_order_number", "order_number")
WORDS: Final = ("commodity_description", "description")
SUFFIX: Final = ("commodity_suffix", "productline_suffix", "suffix", "commodity_productline_suffix")
SID: Final = ("commodity_sid", "sid", "goods_nomenclature_sid")
INDENT: Final = ("commodity_indent", "indent", "indents", "number_indents")
PARENT: Final = ("parent_sid",)
ENDED: Final = ("commodity_validity_end", "validity_end_date", "end_date")
_VERSION: Final = re.compile(r"(?<![\d.])v?(\d+\.\d+\.\d+)(?!\.?\d)")
_MANY: Final = re.compile(r"[|,; ]+")

PROGRAMMES: Final = (
    Programme(
        id="mfn",
        name="United Kingdom: most-favoured-nation duty",
        currency="GBP",
        default="gap",
    ),
    Programme(
        id="preference",
        name="United Kingdom: preferences under trade agreements",
        currency="GBP",
    ),
    Programme(
        id="antidumping",
        name="United Kingdom: anti-dumping, countervailing, safeguard and additional duties",
        currency="GBP",
    ),
)


def read_uk(paths: Sequence[Path]) -> Tariff:
    """Return what files of the UK tariff say together.

    Args:
        paths: measures (CSV, "as defined" or "on declarable commodities"), commodities (CSV), the
            JSON of commodities and of geographical areas, or the global tariff table of 2021.
            Geographical areas are read first, so that groups of countries are known.

    Raises:
        OrderError: a file cannot be read, or is none of these.
    """
    tariff = Tariff(
        tariff="GB",
        kind="uk",
        title=TITLE,
        url=URL,
        revision=next((found[1] for path in paths if (found := _VERSION.search(path.name))), ""),
        day=None,
        programmes=PROGRAMMES,
    )
    reading = Reading(Areas.known(tariff.tariff))
    tree = Tree()
    measured: list[Sheet] = []
    for path in sorted(paths, key=lambda path: not is_json(path)):
        if is_json(path):
            read_json(path, tariff, reading)
            continue
        sheet = open_sheet(path, known_heading)
        if is_global(sheet):
            read_global(sheet, tariff)
        elif sheet.has(*TYPE):
            measured.append(sheet)
        else:
            _descriptions(sheet, tariff, tree)
    for sheet in measured:
        reading.take(_measures(sheet, tree))
        if not tree.rows:
            tariff.notes.append(
                f"{sheet.path.name}: without the commodities a measure on a heading in words is"
                " taken for one on the first line below it"
            )
    finish(tariff, reading)
    return tariff


def finish(tariff: Tariff, reading: Reading) -> None:
    """Put into a tariff what has been made of its measures."""
    tariff.lines.extend(reading.lines())
    tariff.unread.extend(reading.unread)
    tariff.not_duties.extend(reading.not_duties)
    tariff.rows += reading.rows
    if reading.rows:
        counts = Counter(tariff.forms.get(ROWS, {})) + reading.counts
        tariff.forms[ROWS] = dict(counts.most_common())
    for programme, forms in reading.forms.items():
        both = Counter(tariff.forms.get(programme, {})) + forms
        tariff.forms[programme] = dict(both.most_common())
    for area, count in sorted(reading.areas.unknown.items(), key=lambda pair: -pair[1]):
        tariff.notes.append(
            f"area {area}: nobody knows its countries; {count} measures for them are left out,"
            " trade remedies as gaps"
        )
    for area, count in sorted(reading.areas.kept.items(), key=lambda pair: -pair[1]):
        tariff.notes.append(
            f"area {area}: nobody knows its countries; {count} measures that leave them out hold"
            " for them too"
        )
    used = {line.programme for line in tariff.lines}
    tariff.programmes = tuple(one for one in tariff.programmes if one.id in used)


def known_heading(names: frozenset[str]) -> bool:
    """Tell whether a heading is that of a file of the UK tariff."""
    if not names & {*CODE, "commodity"}:
        return False
    return bool(
        (names & set(TYPE) and names & set(DUTY) and names & set(AREA))
        or "ukgt_duty_rate" in names
        or (names & set(WORDS) and names & {*SUFFIX, "commodity_sid"})
    )


def _measures(sheet: Sheet, tree: Tree) -> Iterator[Measure]:
    code, kind, duty = sheet.reader(*CODE), sheet.reader(*TYPE), sheet.reader(*DUTY)
    area, excluded = sheet.reader(*AREA), sheet.reader(*EXCLUDED)
    since, until = sheet.reader(*SINCE), sheet.reader(*UNTIL)
    extra, words, order = (sheet.reader(*names) for names in (EXTRA, EXTRA_WORDS, ORDER))
    suffix, sid = sheet.reader(*SUFFIX), sheet.reader(*SID)
    for row in sheet.rows:
        out = excluded(row)
        measure = Measure(
            row=row.line,
            code=f"{code(row)} {suffix(row)}".strip(),
            type=kind(row),
            area=area(row),
            duty=duty(row),
            since=since(row),
            until=until(row),
            excluded=tuple(_MANY.split(out)) if out else (),
            additional=extra(row),
            additional_words=words(row),
            order=order(row),
        )
        if tree.heading(sid(row)):
            lines = tree.below(sid(row))
            for place, below in enumerate(lines):
                yield replace(measure, code=below, again=place > 0)
            if not lines:
                yield replace(measure, code=f"{code(row)} {HEADING}")
        else:
            yield measure


def _descriptions(sheet: Sheet, tariff: Tariff, tree: Tree) -> None:
    code, words, suffix = sheet.reader(*CODE), sheet.reader(*WORDS), sheet.reader(*SUFFIX)
    sid, indent, until = sheet.reader(*SID), sheet.reader(*INDENT), sheet.reader(*ENDED)
    parent = sheet.reader(*PARENT)
    placed = sheet.has(*PARENT, *INDENT)

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for row in sheet.rows:
            if placed and sid(row) and not until(row):
                depth = int(indent(row)) if indent(row).isdigit() else 0
                place = (code(row).zfill(10), suffix(row), depth, sid(row), parent(row))
                tree.add(Commodity(*place))
            yield row.line, code(row), suffix(row), words(row)

    add_words(rows(), tariff)


def add_words(rows: Iterable[tuple[int, str, str, str]], tariff: Tariff) -> None:
    """Take descriptions (row, code, suffix, words) into a tariff and count them.

    A heading in words stands under the code of the first line below it: the line goes before it.
    """
    counts = Counter(tariff.forms.get(ROWS, {}))
    lines: set[str] = set()
    for row, code, suffix, words in rows:
        tariff.rows += 1
        hs, fault = goods_code(code)
        counts[NO_CODE if fault else DESCRIPTION] += 1
        if fault:
            tariff.not_duties.append(Unread(row=row, hs="", text=code, why=NO_CODE))
        elif words and (hs not in lines or hs not in tariff.words):
            if suffix in ("", LINE):
                lines.add(hs)
                tariff.words[hs] = words
            else:
                tariff.words.setdefault(hs, words)
    tariff.forms[ROWS] = dict(counts)
