"""Whole runs of `xb batch` as processes: the same bytes however they are cut, killed or piped."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LANES = [("CN", "US"), ("CN", "DE"), ("HK", "GB"), ("JP", "AU"), ("US", "CN"), ("GB", "FR")]
GOODS = ["t-shirt-cotton", "phone-case", "tea-green", "headphones"]
COLUMNS = [
    *("order_id", "from", "to", "weight", "size", "value", "currency", "goods"),
    *("quantity", "ordered_on", "incoterm", "note"),
]


def orders_csv(count: int, *, seed: int = 3, faults: float = 0.02, several: float = 0.1) -> bytes:
    """Orders of all kinds: several lines, quoted newlines, rows nobody can read."""
    rng = random.Random(seed)
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(COLUMNS)
    for number in range(count):
        origin, destination = rng.choice(LANES)
        row = [
            f"o-{number}",
            origin,
            destination,
            f"{rng.randint(50, 9000)} g",
            f"{rng.randint(5, 60)}x{rng.randint(5, 40)}x{rng.randint(2, 30)}cm",
            f"{rng.randint(100, 60000) / 100:.2f}",
            rng.choice(["USD", "EUR", "CNY"]),
            rng.choice(GOODS),
            str(rng.randint(1, 3)),
            f"2026-{rng.randint(8, 10):02}-{rng.randint(1, 28):02}",
            rng.choice(["", "", "DAP", "DDP"]),
            rng.choice(["", "as a gift", 'two\nlines, "quoted"', "=1+1"]),
        ]
        if rng.random() < faults:
            row[rng.choice([3, 5, 7, 9])] = rng.choice(["heavy", "-1", "n/a", "12,50"])
        write(row)
        if rng.random() < several:
            write([*row[:3], "", "", *row[5:9], "", "", ""])
    return out.getvalue().encode()


def xb(*args: str, cwd: Path, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run `xb batch` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "xborder_cli", "batch", *args],
        cwd=cwd,
        capture_output=True,
        check=False,
        timeout=300,
        **more,  # type: ignore[call-overload]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("batch")
    (found / "orders.csv").write_bytes(orders_csv(400, faults=0.05))
    return found


@pytest.fixture(scope="module")
def whole(folder: Path) -> dict[str, bytes]:
    """What an undisturbed run writes."""
    ran = xb("orders.csv", "-o", "whole.csv", "--rejects", "whole.bad", "--workers=1", cwd=folder)
    assert ran.returncode == 1, ran.stderr.decode()
    return {"out": (folder / "whole.csv").read_bytes(), "bad": (folder / "whole.bad").read_bytes()}


@pytest.mark.parametrize("size", ["4KiB", "30000"])
def test_blocks_leave_no_trace(folder: Path, whole: dict[str, bytes], size: str) -> None:
    name = f"cut-{size}"
    xb(
        *("orders.csv", "-o", f"{name}.csv", "--rejects", f"{name}.bad"),
        *("--workers=1", "--block-size", size),
        cwd=folder,
    )
    assert (folder / f"{name}.csv").read_bytes() == whole["out"]
    assert (folder / f"{name}.bad").read_bytes() == whole["bad"]


def test_every_order_comes_out_once_and_in_order(whole: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(whole["out"].decode())))
    bad = list(csv.DictReader(io.StringIO(whole["bad"].decode())))
    came = [f"o-{number}" for number in range(400)]
    rejected = {row["row"].partition(",")[0] for row in bad}
    assert [row["order_id"] for row in rows] == [one for one in came if one not in rejected]
    assert rejected
    assert any(row["problem"] for row in rows) or all(row["total"] for row in rows)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_other_formats_hold_the_same(folder: Path, whole: dict[str, bytes], form: str) -> None:
    xb("orders.csv", "-o", f"same.{form}", "--workers=1", cwd=folder)
    xb("orders.csv", "-o", f"cut.{form}", "--workers=1", "--block-size=8KiB", cwd=folder)
    other = (folder / f"cut.{form}").read_bytes()
    assert (folder / f"same.{form}").read_bytes() == other
    expected = [
        (row["order_id"], row["total"])
        for row in csv.DictReader(io.StringIO(whole["out"].decode()))
    ]
    if form == "jsonl":
        lines = map(json.loads, other.decode().splitlines())
        assert [(row["order_id"], row["total"] or "") for row in lines] == expected
    else:
        import pyarrow.parquet as pq

        table = pq.read_table(folder / "same.parquet")
        totals = ["" if total is None else total for total in table["total"].to_pylist()]
        found = list(zip(table["order_id"].to_pylist(), totals, strict=True))
        assert [name for name, _ in found] == [name for name, _ in expected]
        assert all(
            (text == "" and total == "") or float(text) == float(total)
            for (_, text), (_, total) in zip(expected, found, strict=True)
        )


def test_workers_leave_no_trace(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(orders_csv(21_000, seed=5))
    for workers in ("1", "2"):
        ran = xb(
            *("orders.csv", "-o", f"out-{workers}.csv", "--rejects", f"bad-{workers}.csv"),
            *("--workers", workers, "--fields", "order_id,service,total,currency,problem"),
            cwd=tmp_path,
        )
        assert ran.returncode == 1, ran.stderr.decode()
    assert (tmp_path / "out-1.csv").read_bytes() == (tmp_path / "out-2.csv").read_bytes()
    assert (tmp_path / "bad-1.csv").read_bytes() == (tmp_path / "bad-2.csv").read_bytes()


def _written(path: Path) -> int:
    """When a file was last written, 0 while it is not there."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def test_killed_at_twenty_moments_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(orders_csv(40_000, seed=7))
    flags = ["orders.csv", "--workers=1", "--block-size=16KiB", "-q"]
    xb(*flags, "-o", "calm.csv", "--rejects", "calm.bad", cwd=tmp_path)
    rng, kills = random.Random(11), 0
    command = [sys.executable, "-m", "xborder_cli", "batch", *flags, "-o", "hit.csv"]
    command += ["--rejects", "hit.bad", "--resume"]
    journal = tmp_path / ".hit.csv.journal"
    while kills < 20:
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
        if kills % 4 == 3:  # also before anything is written, and in the middle of starting
            time.sleep(rng.uniform(0, 0.6))
        else:
            before = _written(journal)
            while process.poll() is None and _written(journal) == before:
                time.sleep(0.002)
            time.sleep(rng.uniform(0, 0.15))
        process.kill()
        process.communicate()
        if process.returncode != -signal.SIGKILL:
            break  # it was done before the blow
        kills += 1
        assert not (tmp_path / "hit.csv").exists()
    ran = xb(*command[4:], cwd=tmp_path)
    assert ran.returncode == 1, ran.stderr.decode()
    assert kills == 20
    assert (tmp_path / "hit.csv").read_bytes() == (tmp_path / "calm.csv").read_bytes()
    assert (tmp_path / "hit.bad").read_bytes() == (tmp_path / "calm.bad").read_bytes()
    assert not list(tmp_path.glob(".hit*"))


def test_the_first_answers_come_before_the_input_ends(tmp_path: Path) -> None:
    rows = [f"o-{number},CN,DE,0.4kg,38EUR,t-shirt-cotton\n" for number in range(2)]
    with subprocess.Popen(
        [sys.executable, "-m", "xborder_cli", "batch", "-", "--format", "jsonl", "-q"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"order_id,from,to,weight,value,goods\n" + "".join(rows).encode())
        process.stdin.flush()
        first = json.loads(process.stdout.readline())
        assert first["order_id"] == "o-0"
        process.stdin.close()
        assert [json.loads(line)["order_id"] for line in process.stdout] == ["o-1"]


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(orders_csv(3000, faults=0))
    command = f"{sys.executable} -m xborder_cli batch orders.csv --block-size 8KiB | head -n 2"
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert ran.stdout.count(b"\n") == 2
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 141


def test_interrupted_it_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(orders_csv(30_000))
    flags = ["orders.csv", "-o", "out.csv", "--workers=1", "--block-size=16KiB"]
    process = subprocess.Popen(
        [sys.executable, "-m", "xborder_cli", "batch", *flags],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        # a shell's background job hands its children an ignored Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    journal = tmp_path / ".out.csv.journal"
    while not (journal.exists() and journal.read_bytes().count(b"\n") > 1):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert b"--resume" in said and b"Traceback" not in said
    assert not (tmp_path / "out.csv").exists()


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(orders_csv(4000))

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    ran = xb(
        *("orders.csv", "-o", "out.csv", "--workers=1", "--block-size=64KiB", "--all"),
        cwd=tmp_path,
        preexec_fn=small,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert ran.returncode == 2, ran.stderr.decode()
    assert b"[cannot-write]" in ran.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_packed_input_cut_in_the_middle_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(orders_csv(3000))
    (tmp_path / "orders.csv.gz").write_bytes(packed[: len(packed) // 2])
    ran = xb("orders.csv.gz", "-o", "out.csv", "--workers=1", cwd=tmp_path)
    assert ran.returncode == 3, ran.stderr.decode()
    assert b"[input-cut-off]" in ran.stderr
    assert not (tmp_path / "out.csv").exists()
