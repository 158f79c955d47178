"""Every worked example of a market, typed in as a person would: `xb duty`, to the minor unit."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import market_limits
from xborder_cli.tables import compile as compiling
from xborder_cli.tables.bundled import bundled_folder

FOLDER = Path(__file__).parent / "examples" / "markets"
FILES = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for path in sorted(FOLDER.glob("*.yaml"))
}
EXAMPLES = [
    pytest.param(one, id=f"{market}: {one['name']}")
    for market, all_ in FILES.items()
    for one in all_
]
SUMS = ("duty", "tax", "fees")
WORDS = {"regime", "refused", "unknown", "scheme", "total"}  # expected beside amounts of charges


@pytest.fixture(scope="module")
def book():
    """The tables, opened once for all examples by the program's own reader."""
    kept, opened = compiling.open_tables, cache(compiling.open_tables)
    compiling.open_tables = lambda folders: opened(tuple(folders))
    yield opened((bundled_folder(),))
    compiling.open_tables = kept


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: dict[str, Any], xb, book) -> None:
    program, command, *argv = shlex.split(example["command"])
    assert (program, command) == ("xb", "duty")
    if "--on" in argv:
        assert argv[argv.index("--on") + 1] == example["on"]
    else:
        argv += ["--on", example["on"]]
    ran = xb([command, *argv, "--format", "json"])
    assert ran.stdout, ran.stderr
    answer = json.loads(ran.stdout)
    expect = {code: _plain(text) for code, text in example["expect"].items()}
    known = WORDS | _codes(book.market(answer["market"]))
    assert expect.keys() <= known, "an expectation names no charge of this market"
    assert _found(answer, expect) == expect
    _sums_hold(answer)


def test_every_market_has_examples() -> None:
    few = {m: len(FILES.get(m, ())) for m in market_limits.destinations()}
    assert not {market: n for market, n in few.items() if n < 2}


def test_names_tell_examples_apart() -> None:
    for market, examples in FILES.items():
        twice = [name for name, n in Counter(one["name"] for one in examples).items() if n > 1]
        assert not twice, f"{market}: {twice}"


def test_rows_not_taken_are_no_examples() -> None:
    """A row of the collection is an example or stands aside with its reason, not both."""
    aside = yaml.load((FOLDER.parent / "not_taken.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    names = [one["name"] for examples in FILES.values() for one in examples]
    assert all(reason.strip() for reason in aside.values())
    assert not [row for row in aside if any(name.startswith(row) for name in names)]


def _plain(text: str) -> Decimal | str:
    return Decimal(text) if text.replace(".", "", 1).replace("-", "", 1).isdigit() else text


def _codes(market: Any) -> set[str]:
    steps = (market.entry, market.sale, market.export)
    return {
        charge.code
        for step in steps
        for charges in (step.charges, *(regime.charges for regime in step.regimes))
        for charge in charges
    }


def _found(answer: dict[str, Any], expect: dict[str, Decimal | str]) -> dict[str, Decimal | str]:
    """What the answer says of each thing that is expected; a charge it does not have is 0."""
    amounts: Counter[str] = Counter()
    for line in (*answer["charges"], *answer["bases"]):
        amounts[line["code"]] += Decimal(line["amount"])  # type: ignore[assignment]
    said: dict[str, Decimal | str] = {
        "regime": " ".join(one["id"] for one in answer["regimes"] if one["taken"]),
        "refused": "yes" if any(flag.startswith("refused") for flag in answer["flags"]) else "no",
        "unknown": " ".join(line["code"] for line in answer["charges"] if line["unknown"]),
        "scheme": answer["scheme"],
        "total": "" if answer["total"] is None else Decimal(answer["total"]),
    }
    return {code: said[code] if code in WORDS else Decimal(amounts[code]) for code in expect}


def _sums_hold(answer: dict[str, Any]) -> None:
    if any(flag.startswith("refused") for flag in answer["flags"]):  # no sum means anything then
        assert [answer[name] for name in (*SUMS, "total")] == [None] * (len(SUMS) + 1)
        return
    kinds: Counter[str] = Counter()
    for line in answer["charges"]:
        kinds[line["kind"]] += Decimal(line["amount"])  # type: ignore[assignment]
    assert [kinds["duty"], kinds["tax"], kinds["fee"]] == [Decimal(answer[name]) for name in SUMS]
    assert sum(kinds.values()) == Decimal(answer["total"])
