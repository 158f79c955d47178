"""`others: kept`: a programme laid over the one of the folders below, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xborder_cli.errors import TableError
from xborder_cli.tables.load import load_tables
from xborder_cli.units import day_text, parse_day

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
kind: programme
tariff: XT
id: mfn
currency: XAD
{more}source: {{title: fictional}}
checked: 2026-01-01
rows: |
  hs  origin  rate  from  until
"""
WORLD = """\
---
kind: currencies
source: {title: fictional}
checked: 2026-01-01
currencies: |
  code  digits  name
  XAD   2       Atland dollar
---
kind: countries
source: {title: fictional}
checked: 2026-01-01
countries: |
  code  name   union
  XA    One    -
  XB    Two    -
"""
KEPT = "others: kept\n"
BELOW = ["640391  -  18 %  2020-01-01  -", "640399  -  15 %  2020-01-01  -"]


def laid(folder: Path, *layers: list[str], more: str = KEPT):
    paths = []
    for number, rows in enumerate(layers):
        path = folder / f"layer-{number}"
        path.mkdir(parents=True)
        said = more if number else ""
        text = HEAD.format(more=said) + "".join(f"  {row}\n" for row in rows)
        (path / "duties.yaml").write_text(text + ("" if number else WORLD), encoding="utf-8")
        paths.append(path)
    return load_tables(paths).programmes["XT", "mfn"].rows


def told(rows):
    return sorted(
        (
            row.hs,
            row.origin,
            str(row.terms.parts[0].amount),
            day_text(row.since),
            day_text(row.until) if row.until is not None else "",
        )
        for row in rows
    )


def test_codes_of_which_a_table_says_nothing_hold_on(tmp_path: Path) -> None:
    rows = laid(tmp_path, BELOW, ["640391  -  5 %  2026-06-01  2026-08-31"])
    assert told(rows) == [
        ("640391", "", "(1, 20)", "2026-06-01", "2026-08-31"),
        ("640391", "", "(9, 50)", "2020-01-01", "2026-05-31"),
        ("640391", "", "(9, 50)", "2026-09-01", ""),
        ("640399", "", "(3, 20)", "2020-01-01", ""),
    ]


def test_a_row_stands_for_longer_codes_and_for_its_origin_alone(tmp_path: Path) -> None:
    rows = laid(tmp_path / "all", BELOW, ["6403  -  5 %  2020-01-01  -"])
    assert [row.hs for row in rows] == ["6403"]
    rows = laid(tmp_path / "one", BELOW, ["640391  XA  5 %  2020-01-01  -"])
    assert [(row.hs, row.origin) for row in rows] == [
        ("640391", ""),
        ("640399", ""),
        ("640391", "XA"),
    ]


def test_an_open_row_holds_up_to_the_next_and_comes_back_no_second_time(tmp_path: Path) -> None:
    below = ["640391  -  18 %  2020-01-01  -", "640391  -  16 %  2026-01-01  -"]
    rows = laid(tmp_path, below, ["640391  -  5 %  2026-06-01  2026-08-31"])
    assert told(rows) == [
        ("640391", "", "(1, 20)", "2026-06-01", "2026-08-31"),
        ("640391", "", "(4, 25)", "2026-01-01", "2026-05-31"),
        ("640391", "", "(4, 25)", "2026-09-01", ""),
        ("640391", "", "(9, 50)", "2020-01-01", "2025-12-31"),
    ]


def test_three_folders(tmp_path: Path) -> None:
    rows = laid(
        tmp_path, BELOW, ["640391  -  5 %  2026-01-01  -"], ["640391  -  4 %  2026-02-01  -"]
    )
    assert told(rows) == [
        ("640391", "", "(1, 20)", "2026-01-01", "2026-01-31"),
        ("640391", "", "(1, 25)", "2026-02-01", ""),
        ("640391", "", "(9, 50)", "2020-01-01", "2025-12-31"),
        ("640399", "", "(3, 20)", "2020-01-01", ""),
    ]


def test_two_files_of_one_folder_lie_over_the_folders_below(tmp_path: Path) -> None:
    laid(tmp_path, BELOW, ["640391  -  5 %  2020-01-01  -"])
    second = HEAD.format(more=KEPT) + "  6403  XA  7 %  2020-01-01  -\n"
    (tmp_path / "layer-1" / "second.yaml").write_text(second, encoding="utf-8")
    rows = load_tables([tmp_path / "layer-0", tmp_path / "layer-1"]).programmes["XT", "mfn"].rows
    assert [(row.hs, row.origin) for row in rows] == [
        ("640399", ""),
        ("640391", ""),
        ("6403", "XA"),
    ]


def test_another_word_is_a_fault_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(TableError) as raised:
        laid(tmp_path, BELOW, BELOW, more="others: stay\n")
    [problem] = raised.value.problems
    assert (problem.code, problem.where.line, problem.where.column) == ("unknown-value", 5, 9)


CODES = ["64", "6403", "640391", "640399"]
DAY = parse_day("2026-01-01")
spans = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)
layer = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["-", "XA", "XB"])),
    st.tuples(st.integers(1, 90), spans),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layer, layer)
def test_every_row_below_holds_where_and_only_where_nothing_lies_over_it(
    tmp_path_factory, below, above
) -> None:
    def lines(rows):
        return [
            f"{hs}  {origin}  {rate} %  {day_text(DAY + first)}  {day_text(DAY + last)}"
            for (hs, origin), (rate, (first, last)) in rows.items()
        ]

    rows = laid(tmp_path_factory.mktemp("laid"), lines(below), lines(above))
    for day in range(-1, 11):
        over = {key for key, (_, (first, last)) in above.items() if first <= day <= last}
        under = {
            (hs, origin)
            for (hs, origin), (_, (first, last)) in below.items()
            if first <= day <= last
            and not any(hs.startswith(code) and named in ("-", origin) for code, named in over)
        }
        found = [
            (row.hs, row.origin or "-")
            for row in rows
            if row.since <= DAY + day and (row.until is None or DAY + day <= row.until)
        ]
        assert sorted(found) == sorted([*over, *under])
