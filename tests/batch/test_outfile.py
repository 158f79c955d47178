"""Output appears when it is whole; stopped anywhere and resumed it ends with the same bytes."""

import errno
import io
import json
import os
import random
import stat
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xborder_cli.batch import encode, outfile, partfile
from xborder_cli.batch.fields import number_schema
from xborder_cli.batch.outfile import Output
from xborder_cli.batch.parquet import GROUP
from xborder_cli.errors import UsageError

RUN = {"tables": "abc", "inputs": [{"path": "a.csv", "bytes": 5}]}
SCHEMA = number_schema(("order_id", "mode", "total"), (), {"USD": 2})
KINDS = ("csv", "jsonl", "json", "parquet")
SYSTEM = ("write", "ftruncate", "replace", "fsync")


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    monkeypatch.setattr(outfile, "JOURNAL_EVERY", -1.0)
    monkeypatch.setattr(outfile, "SYNC_EVERY", -1.0)


def block(number):
    table = pa.table(
        {
            "order_id": [f"{number}-{i}" for i in range(3)],
            "mode": pa.array(["b", "a", None]).dictionary_encode(),
            "total": ["12.50", f"{number}.00", None],
        }
    )
    rejected = [(str(number), "to", "bad-country", "no XX", f"{number},XX", "a.csv")]
    return table, rejected if number % 2 else []


def opened(folder, kind="csv", **more):
    heading = {"csv": encode.csv_heading(["order_id", "mode", "total"])}
    given = {"run": RUN, "rejects": str(folder / "bad.csv"), "schema": SCHEMA, **more}
    return Output(str(folder / "out"), kind, heading=heading.get(kind, b""), **given)


def written(output, kind, blocks, state=None):
    for number in range(state["next"] if state else 0, blocks):
        table, rejected = block(number)
        output.write(encode.encoded(table, kind), rejected, {"next": number + 1})
    output.finish()


def whole(folder, kind, blocks):
    folder.mkdir()
    output = opened(folder, kind)
    output.begin()
    written(output, kind, blocks)
    return contents(folder)


def contents(folder):
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


@pytest.mark.parametrize("kind", KINDS)
def test_files_appear_when_whole_and_nothing_else_stays(tmp_path, kind):
    output = opened(tmp_path, kind)
    output.begin()
    assert not (tmp_path / "out").exists()
    written(output, kind, 3)
    assert set(contents(tmp_path)) == {"out", "bad.csv"}
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("kind", KINDS)
def test_killed_between_any_two_writes_and_resumed(tmp_path, kind, monkeypatch):
    expected = whole(tmp_path / "whole", kind, 4)
    steps = 0

    def counted(name, after):
        real = getattr(os, name)

        def call(*args):
            nonlocal steps
            steps += 1
            if steps == after:
                if name == "write" and len(args[1]) > 1:  # torn in the middle
                    real(args[0], args[1][: len(args[1]) // 2])
                raise Killed
            if steps > after:
                raise Killed  # nothing runs after it
            return real(*args)

        return call

    after = 0
    while True:
        after += 1
        folder = tmp_path / f"{after}"
        folder.mkdir()
        steps = 0
        handles = []
        with monkeypatch.context() as patched:
            for name in SYSTEM:
                patched.setattr(partfile.os, name, counted(name, after))
            try:
                output = opened(folder, kind)
                handles += [one.handle for one in output._files]
                output.begin()
                written(output, kind, 4)
            except Killed:
                pass
            else:
                break
        for handle in handles:
            os.close(handle)
        again = opened(folder, kind)
        written(again, kind, 4, again.resume())
        assert contents(folder) == expected, after
    assert after > 20


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("seed", range(12))
def test_damaged_files_are_resumed_from_what_is_good(tmp_path, kind, seed):
    expected = whole(tmp_path / "whole", kind, 6)
    folder = tmp_path / "run"
    folder.mkdir()
    output = opened(folder, kind)
    output.begin()
    for number in range(5):
        table, rejected = block(number)
        output.write(encode.encoded(table, kind), rejected, {"next": number + 1})
    output.abandon()
    chance = random.Random(seed)
    for name in chance.sample([".out.part", ".out.journal", ".bad.csv.part"], 2):
        raw = bytearray((folder / name).read_bytes())
        what = chance.choice(["cut", "garble", "grow"])
        place = chance.randrange(len(raw))
        if what == "cut":
            raw = raw[:place]
        elif what == "grow":
            raw += chance.randbytes(9)
        elif name == ".out.journal":
            raw[place] ^= 1 + chance.randrange(255)
        else:  # what a loss of power leaves: the length is there, the data is not
            raw[place:] = bytes(len(raw) - place)
        (folder / name).write_bytes(bytes(raw))
    again = opened(folder, kind)
    written(again, kind, 6, again.resume())
    assert contents(folder) == expected


def test_what_an_earlier_run_left_is_forgotten_without_resume(tmp_path):
    expected = whole(tmp_path / "whole", "csv", 2)
    folder = tmp_path / "run"
    folder.mkdir()
    output = opened(folder, run={"other": 1})
    output.begin()
    output.write(b"x" * 999, [], {"next": 9})
    assert "--resume" in output.abandon()
    again = opened(folder)
    again.begin()
    written(again, "csv", 2)
    assert contents(folder) == expected


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({**RUN, "tables": "abd"}, "tables was abc, is abd"),
        ({**RUN, "inputs": [{"path": "a.csv", "bytes": 6}]}, "inputs 1 bytes was 5, is 6"),
        ({**RUN, "inputs": []}, "inputs: 1 were given, now 0"),
        ({**RUN, "top": 2}, "top was nothing, is 2"),
    ],
)
def test_another_run_is_not_resumed_and_harms_nothing(tmp_path, other, words):
    output = opened(tmp_path)
    output.begin()
    output.write(b"a\n", [], {"next": 1})
    output.abandon()
    before = contents(tmp_path)
    stranger = opened(tmp_path, run=other)
    with pytest.raises(UsageError) as caught:
        stranger.resume()
    assert caught.value.problems[0].code == "cannot-resume"
    assert words in caught.value.problems[0].what
    assert stranger.abandon() == ""
    assert contents(tmp_path) == before


def test_two_runs_do_not_write_one_file(tmp_path):
    first = opened(tmp_path)
    first.begin()
    with pytest.raises(UsageError, match="another run is writing it"):
        opened(tmp_path)
    with pytest.raises(UsageError, match="another run is writing it"):
        Output(str(tmp_path / "else"), "csv", run=RUN, rejects=str(tmp_path / "bad.csv"))
    assert ".else.part" not in contents(tmp_path)
    written(first, "csv", 1)
    second = opened(tmp_path)
    second.begin()
    second.abandon()
    assert set(contents(tmp_path)) == {"out", "bad.csv"}


def test_a_failure_before_the_first_block_leaves_nothing(tmp_path):
    output = opened(tmp_path)
    output.begin()
    assert output.abandon() == ""
    assert contents(tmp_path) == {}


def test_a_full_disk_is_said_and_what_is_good_is_kept(tmp_path, monkeypatch):
    expected = whole(tmp_path / "whole", "csv", 3)
    folder = tmp_path / "run"
    folder.mkdir()
    output = opened(folder)
    output.begin()
    table, rejected = block(0)
    output.write(encode.encoded(table, "csv"), rejected, {"next": 1})
    real, room = os.write, 20

    def full(handle, data):
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = real(handle, data[:room])
        room -= done
        return done

    with monkeypatch.context() as patched:
        patched.setattr(partfile.os, "write", full)
        table, rejected = block(1)
        with pytest.raises(UsageError, match="disk is full"):
            output.write(encode.encoded(table, "csv"), rejected, {"next": 2})
        assert "--resume" in output.abandon()
    assert set(contents(folder)) == {".out.part", ".out.journal", ".bad.csv.part"}
    again = opened(folder)
    state = again.resume()
    assert state == {"next": 1}
    written(again, "csv", 3, state)
    assert contents(folder) == expected


def test_places_that_cannot_be_written_are_said_at_once(tmp_path):
    (tmp_path / "folder").mkdir()
    for path, words in {"none/out.csv": "no folder", "folder": "is a folder"}.items():
        with pytest.raises(UsageError, match=words) as caught:
            Output(str(tmp_path / path), "csv", run=RUN)
        assert caught.value.problems[0].code == "cannot-write"
    assert set(contents_names(tmp_path)) == {"folder"}


def contents_names(folder):
    return [one.name for one in folder.iterdir()]


def test_a_folder_that_vanishes_is_said(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    output = opened(folder)
    output.begin()
    for one in folder.iterdir():
        one.unlink()
    folder.rmdir()
    with pytest.raises(UsageError, match="no folder"):
        written(output, "csv", 1)
    output.abandon()


def test_a_stream_gets_each_block_at_once():
    class Pipe(io.BytesIO):
        flushed = 0

        def flush(self):
            self.flushed += 1

    pipe = Pipe()
    output = Output("", "csv", run=RUN, heading=b"a\n", stream=pipe)
    assert output.resume() is None
    output.write(b"1\n", [], {})
    assert (pipe.getvalue(), pipe.flushed) == (b"a\n1\n", 2)
    output.finish()
    with pytest.raises(UsageError, match="pipe"):
        Output("", "parquet", run=RUN, stream=pipe)


def test_a_closed_pipe_is_the_callers_matter():
    class Closed(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError

    output = Output("", "csv", run=RUN, stream=Closed())
    with pytest.raises(BrokenPipeError):
        output.write(b"1\n", [], {})


def test_a_stream_without_room_is_said():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    output = Output("", "csv", run=RUN, stream=Full())
    with pytest.raises(UsageError, match="the disk is full"):
        output.write(b"1\n", [], {})


def test_a_device_is_written_and_stays_one():
    output = Output(os.devnull, "csv", run=RUN)
    output.begin()
    output.write(b"1\n", [], {})
    output.finish()
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_parquet_does_not_tell_where_blocks_ended(tmp_path):
    n = GROUP + 5000
    table = pa.table(
        {
            "order_id": [str(i) for i in range(n)],
            "mode": pa.array([None if i % 7 == 0 else f"m{i % 5}" for i in range(n)]),
            "total": [None if i % 11 == 0 else f"-{i}.05" for i in range(n)],
        }
    )
    found = []
    for cuts in ((0, n), (0, 3, 70_000, GROUP, n), (*range(0, n, 40_000), n)):
        output = Output(str(tmp_path / "out.parquet"), "parquet", run=RUN, schema=SCHEMA)
        output.begin()
        for start, end in pairwise(cuts):
            piece = table.slice(start, end - start)
            coded = piece["mode"].combine_chunks().dictionary_encode()
            piece = piece.set_column(1, "mode", coded)
            output.write(encode.arrow_bytes(piece), [], {})
        output.finish()
        found.append((tmp_path / "out.parquet").read_bytes())
    assert found[0] == found[1] == found[2]
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert file.metadata.num_row_groups == 2
    back = file.read()
    assert back.schema == SCHEMA
    assert back["mode"].to_pylist() == table["mode"].to_pylist()
    shown = [None if v is None else f"{v:.2f}" for v in back["total"].to_pylist()]
    assert shown == table["total"].to_pylist()


def test_parquet_without_a_row_is_a_file_all_the_same(tmp_path):
    output = Output(str(tmp_path / "out.parquet"), "parquet", run=RUN, schema=SCHEMA)
    output.begin()
    output.finish()
    assert pq.read_table(tmp_path / "out.parquet").schema == SCHEMA


PROGRAM = """
    import sys
    from xborder_cli.batch import outfile
    outfile.JOURNAL_EVERY = 0.0
    output = outfile.Output(sys.argv[1], "csv", run={"a": 1}, rejects=sys.argv[2])
    state = output.resume() or {"next": 0}
    for number in range(state["next"], 400):
        row = f"{number}\\n".encode() * 50
        bad = [(str(number), "to", "bad", "words", "raw", "a.csv")]
        output.write(row, bad, {"next": number + 1})
        print(number, flush=True)
    output.finish()
"""


def test_killed_by_the_system_and_resumed(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM)]
    command += [str(tmp_path / "out.csv"), str(tmp_path / "bad.csv")]
    for stop in (3, 150):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if int(line) >= stop:
                    process.kill()
                    break
        assert not (tmp_path / "out.csv").exists()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    expected = b"".join(f"{number}\n".encode() * 50 for number in range(400))
    assert (tmp_path / "out.csv").read_bytes() == expected
    assert len((tmp_path / "bad.csv").read_text().splitlines()) == 401
    assert set(contents_names(tmp_path)) == {"out.csv", "bad.csv"}


def test_a_json_stream_that_fails_before_its_first_order_is_empty():
    stream = io.BytesIO()
    output = Output("", "json", run={}, stream=stream)
    output.begin()
    output.abandon()
    assert stream.getvalue() == b""


def test_a_json_stream_without_orders_is_an_empty_array():
    stream = io.BytesIO()
    output = Output("", "json", run={}, stream=stream)
    output.begin()
    output.finish()
    assert json.loads(stream.getvalue()) == []
