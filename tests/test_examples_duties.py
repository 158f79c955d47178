"""Worked examples of duties that stack, typed in as a person would."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from xborder_cli.tables.bundled import bundled_folder

FOLDER = Path(__file__).parent / "examples" / "duties"
FILES = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for path in sorted(FOLDER.glob("*.yaml"))
}
EXAMPLES = [
    pytest.param(one, id=f"{name}: {one['name']}") for name, all_ in FILES.items() for one in all_
]
FIELDS = {"name", "source", "command", "expect", "duty", "tax", "unknown", "lines", "wrong"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: dict[str, Any], xb, request) -> None:
    if "wrong" in example:  # strict: who mends it takes the remark away
        request.applymarker(pytest.mark.xfail(reason=example["wrong"], strict=True))
    answer = _answer(example, xb)
    duties = {
        line["code"]: Decimal(line["amount"])
        for line in answer["charges"]
        if line["kind"] == "duty" and Decimal(line["amount"])
    }
    assert duties == {code: Decimal(amount) for code, amount in example["expect"].items()}
    gaps = [line["code"] for line in answer["charges"] if line["unknown"]]
    assert gaps == example.get("unknown", [])
    for sum_of in ("duty", "tax"):
        if sum_of in example:
            assert Decimal(answer[sum_of]) == Decimal(example[sum_of])


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "lines" in one.values[0]])
def test_a_line_tells_its_first_day_and_its_row_the_heading(example: dict[str, Any], xb) -> None:
    lines = {line["code"]: line for line in _answer(example, xb)["charges"]}
    for code, expected in example["lines"].items():
        line = lines[code]
        assert line["since"] == expected["since"], code
        row = _row(line["table"], line["line"])
        assert row.split()[0].replace("*", "0").isdigit(), row
        assert expected.get("heading", "") in row, code


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_duty_that_is_due_cites_its_table(example: dict[str, Any], xb) -> None:
    for line in _answer(example, xb)["charges"]:
        if line["kind"] == "duty" and Decimal(line["amount"]):
            assert line["source"].startswith("http"), line["code"]
            assert line["since"] <= _day(example), line["code"]
            assert _row(line["table"], line["line"]).strip(), line["code"]


def test_examples_are_complete() -> None:
    """Every example has a sum of duty or says what is unknown; a sum is that of its parts."""
    for parameter in EXAMPLES:
        one = parameter.values[0]
        assert one.keys() <= FIELDS, one["name"]
        assert one["source"].startswith("http"), one["name"]
        assert ("duty" in one) != ("unknown" in one), one["name"]
        if "duty" in one:
            assert sum(map(Decimal, one["expect"].values())) == Decimal(one["duty"]), one["name"]
        assert one.get("lines", {}).keys() <= one["expect"].keys(), one["name"]


def test_names_tell_examples_apart() -> None:
    twice = [
        name for name, n in Counter(one.values[0]["name"] for one in EXAMPLES).items() if n > 1
    ]
    assert not twice


def _answer(example: dict[str, Any], xb) -> dict[str, Any]:
    program, *argv = shlex.split(example["command"])
    assert (program, argv[0]) == ("xb", "duty")
    ran = xb([*argv, "--format", "json"])
    assert ran.stdout, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def _day(example: dict[str, Any]) -> str:
    argv = shlex.split(example["command"])
    return argv[argv.index("--on") + 1]


def _row(table: str, line: int) -> str:
    return (bundled_folder() / table).read_text(encoding="utf-8").splitlines()[line - 1]
