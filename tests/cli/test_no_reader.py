"""Where nobody reads the answer, the program says so in one line and has no bug."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from xborder_cli.errors import ExitCode

ON = ["--on", "2026-11-22"]
QUOTE = ["--from", "CN", "--to", "US", "--weight", "0.46kg", "--value", "25USD", "--hs", "610910"]
COMMANDS = {
    "goods": ["goods", "search", "jeans", *ON],
    "duties": ["duties", "show", "610910", "--to", "US", "--from", "CN", *ON],
    "history": ["duties", "history", "610910", "--to", "US", "--from", "CN"],
    "duty": ["duty", "--to", "US", "--from", "CN", "--value", "90USD", "--hs", "610910", *ON],
    "quote": ["quote", *QUOTE, *ON],
    "json": ["quote", *QUOTE, *ON, "--format", "json"],
    "rates": ["rates", "list"],
    "rules": ["rules", "show", "US"],
    "help": ["--help"],
    "help of a command": ["goods", "search", "--help"],
}


def run(argv, redirect, *, buffered=True):
    line = f"{shlex.join([sys.executable, '-m', 'xborder_cli', *argv])} {redirect}"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    if not buffered:
        env["PYTHONUNBUFFERED"] = "1"
    return subprocess.run(line, shell=True, capture_output=True, text=True, timeout=120, env=env)


@pytest.mark.parametrize("name", COMMANDS)
def test_closed_stdout_is_told_in_one_line(name):
    ran = run(COMMANDS[name], ">&-")
    assert ran.returncode == ExitCode.PARTLY
    told = [line for line in ran.stderr.splitlines() if "[cannot-write]" in line]
    assert told == [
        "stdout: the answer cannot be written to standard output: it is closed [cannot-write]"
    ]
    assert "bug" not in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("name", ["goods", "quote", "help"])
def test_a_full_disk_is_told(name, buffered):
    ran = run(COMMANDS[name], ">/dev/full", buffered=buffered)
    assert ran.returncode == ExitCode.PARTLY
    assert "standard output: No space left on device [cannot-write]" in ran.stderr
    assert ran.stderr.count("\n") <= 2, ran.stderr
    assert "bug" not in ran.stderr


@pytest.mark.parametrize("buffered", [True, False])
def test_a_remark_follows_the_answer_that_came_before_it(buffered):
    argv = ["goods", "search", "blutooth headphone", *ON, "--format", "csv"]
    told = run(argv, "2>&1", buffered=buffered).stdout.splitlines()
    assert told[0].startswith("rank,")
    assert told[-1].startswith("nothing is called")


@pytest.mark.parametrize("redirect", ["2>&-", "<&-", "2>&- <&-"])
def test_other_streams_may_be_closed(redirect):
    ran = run(COMMANDS["goods"], redirect)
    assert ran.returncode == 0
    assert "jeans-cotton-mens" in ran.stdout


def test_errors_of_use_keep_their_status_with_everything_closed():
    ran = run(["goods", "search"], ">&- 2>&- <&-")
    assert (ran.returncode, ran.stdout, ran.stderr) == (ExitCode.USAGE, "", "")


def test_an_answer_that_goes_into_a_file_needs_no_stdout(tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text("from,to,weight,value,hs\nCN,US,0.5kg,25USD,610910\n", encoding="utf-8")
    ran = run(["batch", str(orders), "-o", str(tmp_path / "priced.csv"), *ON], ">&-")
    assert ran.returncode in (0, 1), ran.stderr
    assert "bug" not in ran.stderr
    assert (tmp_path / "priced.csv").read_text(encoding="utf-8").count("\n") >= 2


def test_a_batch_without_stdout_says_so(tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text("from,to,weight,value,hs\nCN,US,0.5kg,25USD,610910\n", encoding="utf-8")
    ran = run(["batch", str(orders), *ON], ">&-")
    assert ran.returncode == ExitCode.PARTLY
    assert "[cannot-write]" in ran.stderr
    assert "bug" not in ran.stderr
