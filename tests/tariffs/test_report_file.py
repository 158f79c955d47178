"""Where an import's report goes: found writable first, and written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xborder_cli.errors import UsageError
from xborder_cli.tariffs.report_file import ReportFile

RATES = "hs,rate\n6109.10,18 %\n"
FLAGS = ("--tariff", "CA", "--into", "mine", "--from", "2026-01-01")


def bring_in(xb, folder, *more, rates=RATES):
    (folder / "rates.csv").write_text(rates)
    return xb(["duties", "import", "rates.csv", *FLAGS, *more], folder=folder)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("place", ["none/r.json", ".", "rates.csv/r.json"])
def test_a_place_that_cannot_be_written_keeps_nothing(xb, tmp_path, place):
    ran = bring_in(xb, tmp_path, "--report", place)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"--report {Path(place)}: cannot be written: ")
    assert names(tmp_path) == ["rates.csv"]


def test_a_refused_import_leaves_no_report_and_the_one_before(xb, tmp_path):
    ran = bring_in(xb, tmp_path, "--report", "r.json", rates="hs,rate\n6109.10,soon\n")
    assert ran.code == 3, ran.stderr
    assert names(tmp_path) == ["rates.csv"]
    (tmp_path / "r.json").write_text("before")
    bring_in(xb, tmp_path, "--report", "r.json", rates="hs,rate\n6109.10,soon\n")
    assert (tmp_path / "r.json").read_text() == "before"
    assert names(tmp_path) == ["r.json", "rates.csv"]


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_report_that_fails_all_the_same_keeps_nothing(xb, tmp_path, monkeypatch, step):
    bring_in(xb, tmp_path, "--report", "r.json")
    before = {
        name: (tmp_path / name).read_bytes() for name in ("mine/duties/ca/mfn.yaml", "r.json")
    }
    honest = getattr(Path, step)

    def full(self, *rest):
        if self.name == ".r.json.xb-part":
            raise OSError(28, "No space left on device")
        return honest(self, *rest)

    monkeypatch.setattr(Path, step, full)
    ran = bring_in(xb, tmp_path, "--report", "r.json", rates=RATES + "6110.20,17 %\n")
    assert ran.code == 2
    assert ran.stderr.startswith("--report r.json: cannot be written: No space left on device")
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert not [name for name in names(tmp_path) if "/." in name or name[0] == "."]


def test_the_first_import_that_fails_leaves_no_table(xb, tmp_path, monkeypatch):
    monkeypatch.setattr(
        ReportFile, "_write", lambda *_: (_ for _ in ()).throw(OSError(5, "broken"))
    )
    assert bring_in(xb, tmp_path, "--report", "r.json").code == 2
    assert names(tmp_path) == ["rates.csv"]


def test_the_folder_of_tables_may_hold_it(xb, tmp_path):
    ran = bring_in(xb, tmp_path, "--report", "mine/r.json")
    assert ran.code == 0, ran.stderr
    assert json.loads((tmp_path / "mine/r.json").read_bytes())["kept"] is True


def test_what_a_link_points_at_is_written(xb, tmp_path):
    (tmp_path / "real.json").write_text("before")
    (tmp_path / "r.json").symlink_to("real.json")
    assert bring_in(xb, tmp_path, "--report", "r.json").code == 0
    assert (tmp_path / "r.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_bytes())["schema"] == "xb.import/1"


def test_a_folder_of_somebody_else(tmp_path, monkeypatch):
    """Whoever runs the tests may be allowed everything: the refusal is made here."""
    monkeypatch.setattr(Path, "touch", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(UsageError):
        ReportFile(tmp_path / "r.json", tmp_path / "mine")
