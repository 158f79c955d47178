"""A hundred different faults among good rows: each told at its place, none harms a good row.

`faults/orders.yaml` and `faults/nested.yaml` say of each fault what was broken, how, and where it
is told: the line counted from the first of the case, the column, the code. `faults/*.words` record
what is told; `pytest --update` writes them, `git diff` reviews them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

FAULTS = Path(__file__).parent / "faults"
COLUMNS = [
    *("order_id", "from", "to", "weight", "size", "value", "unit_price", "currency", "sku"),
    *("goods", "hs", "origin", "quantity", "incoterm", "buyer", "direction", "ordered_on"),
    *("scheme", "region", "area", "lot", "storage_days", "return_rate", "dispute_rate"),
    *("air_share", "insurance", "freight", "purchase_price_usd", "used_this_year", "traits"),
    *("claims", "units", "parts", "items", "options", "fees", "note"),
]
GOOD = [  # in turn, before each fault
    {"from": "CN", "to": "US", "weight": "460g", "size": "25x20x8cm", "value": "25"},
    {"from": "CN", "to": "DE", "weight": "1.2kg", "value": "60", "currency": "EUR"},
    {"from": "HK", "to": "GB", "weight": "1lb", "value": "45", "note": 'two\nlines, "quoted"'},
    {"from": "JP", "to": "AU", "weight": "900 g", "value": "80", "note": "=1+1"},
    {"from": "US", "to": "CN", "weight": "0.3kg", "value": "30", "note": "茶"},
    {"from": "GB", "to": "FR", "weight": "1.2kg", "value": "99.99", "note": "a\0b"},
    {"sku": "SHIRT", "goods": "", "from": "CN", "to": "JP", "quantity": "3"},
]
BASE = {"currency": "USD", "goods": "t-shirt-cotton", "quantity": "1", "ordered_on": "2026-10-01"}
ITEMS = [
    {"goods": "socks-cotton", "value": "9.90USD", "qty": 2, "origin": "VN", "hs": None},
    {"hs": "392690", "value": 4.5, "currency": "USD"},
]
CATALOGUE = "sku,weight,goods,unit_price\nSHIRT,200g,t-shirt-cotton,10USD\n"
FIELDS = "order_id,service,total,currency,assumptions,problem,reason"
OF_A_PROGRAM = re.compile(  # words that no message may have
    r"Traceback|Exception|[A-Z]\w+Error|\b(None|True|False|NoneType|nan|dict|str|int|float)\b"
    r"|Expecting|<class|object at 0x|\['|\{'"
)
LONG = 330  # characters of a message


@dataclass(frozen=True)
class Made:
    """A file with faults: its bytes, those of its good rows alone, and what must be told."""

    raw: bytes
    good: bytes
    told: dict[tuple[int, str, str], str]  # line, column, code -> what was broken
    times: Counter[tuple[int, str, str]]  # how often each is told
    problems: dict[str, str]  # order -> code
    good_ids: tuple[str, ...]
    rows: int
    form: str


def csv_line(cells: dict[str, object]) -> str:
    """Return a row under COLUMNS."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([cells.get(name, "") for name in COLUMNS])
    return out.getvalue()


def json_line(document: dict[str, object]) -> str:
    """Return an object of what is not blank."""
    whole = {name: value for name, value in document.items() if value != ""}
    return json.dumps(whole, ensure_ascii=False)


def made(name: str) -> Made:
    """Return the file of some cases."""
    cases = yaml.load((FAULTS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    form = "csv" if name == "orders" else "jsonl"
    first = [",".join(COLUMNS)] if form == "csv" else []
    lines, good, ids, at = list(first), list(first), [], len(first) + 1
    told: dict[tuple[int, str, str], str] = {}
    times: Counter[tuple[int, str, str]] = Counter()
    problems = {}
    rows = 0
    for number, case in enumerate([*cases, {}, {}, {}]):
        cells: dict[str, object] = {
            **BASE,
            **GOOD[number % len(GOOD)],
            "order_id": f"good-{number}",
        }
        if form == "jsonl" and number % len(GOOD) in (1, 4):
            cells |= {"value": "", "goods": "", "quantity": "", "items": ITEMS}
        line = csv_line(cells) if form == "csv" else json_line(cells)
        ids.append(cells["order_id"])
        texts = written(case, f"bad-{number}") if case else []
        for fault in case.get("told", ()):
            further, column, code = fault.split()
            key = at + line.count("\n") + 1 + int(further), column.strip("-"), code
            assert told.setdefault(key, case["broke"]) == case["broke"]
            times[key] += 1
        if "problem" in case:
            problems[f"bad-{number}"] = case["problem"]
        good.append(line)
        lines += [line, *texts]
        rows += 1 + len(texts)
        at += sum(text.count("\n") + 1 for text in (line, *texts))
    raw, alone = (("\n".join(x) + "\n").encode("utf-8", "surrogateescape") for x in (lines, good))
    return Made(raw, alone, told, times, problems, tuple(ids), rows, form)


def written(case: dict, order_id: str) -> list[str]:
    """Return the rows of a case as texts."""
    if "raw" in case:
        return [bytes_of(case["raw"].replace("ID", order_id))]
    cells = {**BASE, **GOOD[0], "order_id": order_id}
    found = []
    for own in case.get("rows", [case.get("cells", {})]):
        found.append(bytes_of(csv_line({**cells, **own})))
    return found


def bytes_of(text: str) -> str:
    """Return a text with `<xNN>` as the byte it stands for."""

    def byte(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return chr(code if code < 0x80 else 0xDC00 + code)

    return re.sub("<x([0-9a-f]{2})>", byte, text)


@dataclass(frozen=True)
class Ran:
    """What a run left."""

    code: int
    out: str
    rejects: list[dict[str, str]]
    report: dict
    stderr: str


def run(raw: bytes, form: str, folder: Path, *flags: str, pipe: bool = False) -> Ran:
    """Price a file in a folder of its own."""
    folder.mkdir()
    (folder / "catalogue.csv").write_text(CATALOGUE)
    (folder / f"orders.{form}").write_bytes(raw)
    argv = [sys.executable, "-m", "xborder_cli", "batch", "-" if pipe else f"orders.{form}"]
    argv += ["--catalog", "catalogue.csv", "-o", "out.csv", "--fields", FIELDS]
    argv += ["--rejects", "rejects.csv", "--report", "report.json", *flags]
    ran = subprocess.run(
        argv,
        cwd=folder,
        input=raw if pipe else None,
        capture_output=True,
        check=False,
        timeout=300,
    )
    text = (folder / "rejects.csv").read_bytes().decode()
    return Ran(
        ran.returncode,
        (folder / "out.csv").read_bytes().decode(),
        list(csv.DictReader(io.StringIO(text, newline=""))),
        json.loads((folder / "report.json").read_text(encoding="utf-8")),
        ran.stderr.decode(),
    )


@pytest.fixture(scope="module", params=["orders", "nested"])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def file(name: str) -> Made:
    return made(name)


@pytest.fixture(scope="module")
def ran(file: Made, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(file.raw, file.form, tmp_path_factory.mktemp("faults") / "one", "--workers", "1")


def test_there_are_many(name, file):
    assert len(set(file.told.values())) >= {"orders": 100, "nested": 30}[name]
    assert len(file.good_ids) >= {"orders": 100, "nested": 30}[name]


def test_every_fault_is_told_at_its_place(file, ran):
    found = Counter((int(r["line"]), r["column"], r["code"]) for r in ran.rejects)
    assert found == file.times
    assert [int(r["line"]) for r in ran.rejects] == sorted(int(r["line"]) for r in ran.rejects)


def test_a_rejected_row_is_kept_as_it_stood(file, ran):
    lines = file.raw.decode("utf-8", "replace").split("\n")
    for reject in ran.rejects:
        first = reject["row"].split("\n")[0].split("\\x")[0]
        assert lines[int(reject["line"]) - 1].startswith(
            first.split("\N{REPLACEMENT CHARACTER}")[0]
        )


def test_what_is_told(name, file, ran, request):
    """Words are clear to somebody who writes no programs."""
    said = [
        f"{file.told[int(r['line']), r['column'], r['code']]}\n"
        f"    {r['column'] or 'the row'}: {r['words']} [{r['code']}]"
        for r in ran.rejects
    ]
    for reject in ran.rejects:
        words = reject["words"]
        assert not OF_A_PROGRAM.search(re.sub('"[^ ]*"', "", words)), words
        assert words.isprintable() and len(words) <= LONG and not words.endswith("."), words
    text = re.sub("line [0-9]+ of order bad-[0-9]+", "line N of order ID", "\n".join(said) + "\n")
    path = FAULTS / f"{name}.words"
    if request.config.getoption("--update"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_counts_add_up(file, ran):
    rows, orders = ran.report["rows"], ran.report["orders"]
    assert rows["in"] == file.rows
    assert rows["in"] == rows["priced"] + rows["unpriceable"] + rows["rejected"]
    assert orders["in"] == orders["priced"] + orders["unpriceable"] + orders["rejected"]
    assert orders["priced"] == len(file.good_ids)
    assert orders["unpriceable"] == len(file.problems)
    assert rows["rejected"] == len({r["line"] for r in ran.rejects})
    assert sum(one["faults"] for one in ran.report["rejected"]) == len(ran.rejects)
    assert ran.code == 1
    assert "Traceback" not in ran.stderr


def test_what_can_be_read_but_not_carried_has_a_problem(file, ran):
    rows = list(csv.DictReader(io.StringIO(ran.out, newline="")))
    assert {r["order_id"]: r["problem"] for r in rows if r["problem"]} == file.problems


def test_good_rows_are_priced_as_without_the_others(file, ran, tmp_path):
    alone = run(file.good, file.form, tmp_path / "alone", "--workers", "1")
    assert alone.code == 0 and alone.rejects == []
    rows = list(csv.DictReader(io.StringIO(alone.out, newline="")))
    assert tuple(row["order_id"] for row in rows) == file.good_ids
    assert all(float(row["total"]) > 0 for row in rows)
    mixed = [r for r in csv.DictReader(io.StringIO(ran.out, newline="")) if not r["problem"]]
    assert mixed == rows


@pytest.mark.parametrize("pipe", [False, True])
def test_the_same_in_small_pieces_and_from_a_pipe(file, ran, tmp_path, pipe):
    flags = ["--workers", "2", "--block-size", "4KiB"]
    if pipe:
        flags += ["--input-format", file.form]
    again = run(file.raw, file.form, tmp_path / "again", *flags, pipe=pipe)
    assert again.code == 1
    assert again.out == ran.out
    plain = [{**r, "file": ""} for r in ran.rejects]
    assert [{**r, "file": ""} for r in again.rejects] == plain
    assert {r["file"] for r in again.rejects} == {"stdin" if pipe else f"orders.{file.form}"}
