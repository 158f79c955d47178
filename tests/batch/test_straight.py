"""What must not be replaced is written straight: rejected rows to /dev/null, a pipe."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from xborder_cli.batch.outfile import Output
from xborder_cli.batch.partfile import Straight, is_device
from xborder_cli.cli.batch_flags import judge_files

FAULT = ("2", "to", "missing", "no country", "a,b", "o.csv")


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # so that nobody waits for a reader
    yield path, handle
    os.close(handle)


def test_rejected_rows_go_into_a_pipe_which_stays_one(pipe, tmp_path):
    path, handle = pipe
    output = Output(str(tmp_path / "o.csv"), "csv", run={}, rejects=str(path))
    output.begin()
    output.write(b"x\n", [FAULT], {})
    output.finish()
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert b"2,to,missing,no country" in os.read(handle, 1000)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["o.csv", "pipe"]


def test_a_failure_leaves_the_pipe_where_it_is(pipe, tmp_path):
    path, _ = pipe
    output = Output(str(tmp_path / "o.csv"), "csv", run={}, rejects=str(path))
    output.begin()
    output.abandon(resumable=False)
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


def test_a_pipe_is_appended_to(pipe):
    path, handle = pipe
    straight = Straight(path)
    straight.append(b"one")
    straight.truncate(0)
    straight.append(b"two")
    straight.finish()
    straight.close()
    assert os.read(handle, 100) == b"onetwo"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_name_of_an_open_file_is_not_replaced(tmp_path):
    (tmp_path / "out").symlink_to("/proc/self/fd/1")  # as /dev/stdout
    (tmp_path / "plain").write_text("")
    (tmp_path / "link").symlink_to("plain")
    assert is_device(tmp_path / "out")
    assert not is_device(tmp_path / "plain")
    assert not is_device(tmp_path / "link")


def test_two_outputs_may_go_to_one_device(pipe):
    path, _ = pipe
    judge_files([("--out", str(path)), ("--rejects", str(path))])
