"""Flag, then variable, then the project's xb.toml, then the user's; folders of tables add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from xborder_cli.cli.folders import in_force
from xborder_cli.cli.settings import load
from xborder_cli.errors import UsageError

FLAGS = {"from", "currency", "top", "fields", "by"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a folder in it, and a user's own settings folder."""
    monkeypatch.delenv("XB_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "user" / "xb").mkdir(parents=True)
    inner = tmp_path / "project" / "deep" / "inside"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    return tmp_path


def test_nothing_anywhere(project):
    settings = load(FLAGS)
    assert (settings.files, dict(settings.values), settings.rates) == ((), {}, ())


@pytest.mark.skipif("sys.platform != 'linux'", reason="where settings lie differs by system")
def test_project_over_user(project):
    (project / "user" / "xb" / "xb.toml").write_text(
        'from = "XA"\ncurrency = "XBY"\nrates = ["mine"]\n[assume]\na = "1 XAD"\n'
    )
    (project / "project" / "xb.toml").write_text(
        'currency = "XAD"\nrates = "ours"\n[assume]\nb = "2 XAD"\n[quote]\ntop = 3\n'
    )
    settings = load(FLAGS)
    assert settings.for_command("quote") == {"from": "XA", "currency": "XAD", "top": 3}
    assert settings.for_command("batch") == {"from": "XA", "currency": "XAD"}
    assert settings.assume == ("a=1 XAD", "b=2 XAD")
    assert settings.rates == (project / "user" / "xb" / "mine", project / "project" / "ours")


def test_unknown_names_are_faults_with_their_line(project):
    (project / "project" / "xb.toml").write_text(
        'from = "XA"\n\ncurency = "XAD"\n[qoute]\ntop = 1\n'
    )
    with pytest.raises(UsageError) as error:
        load(FLAGS)
    assert [(p.where.line, p.fix) for p in error.value.problems] == [
        (3, "did you mean currency?"),
        (4, "settings have the names of the flags"),
    ]


def test_folders_from_the_lowest(tmp_path, monkeypatch):
    for name in ("file", "variable", "flag"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("XB_RATES", str(tmp_path / "variable"))
    found = in_force([str(tmp_path / "flag")], [tmp_path / "file"])
    assert [path.name for path in found] == ["rates", "file", "variable", "flag"]
    assert [p.name for p in in_force([], [], with_bundled=False)] == ["variable"]


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(UsageError, match="is not a folder") as error:
        in_force([str(tmp_path / "gone"), __file__], [])
    assert len(error.value.problems) == 2


def test_a_flag_wins_over_its_variable_and_that_over_the_file(project, xb, monkeypatch):
    tables = Path(__file__).parent / "tables"
    settings = project / "project" / "xb.toml"
    settings.write_text('fields = "service"\ntop = 1\n')
    argv = ["quote", "--no-bundled", "--rates", str(tables), "--from", "XA", "--to", "XB"]
    argv += ["--on", "2026-02-01", "--weight", "1kg", "--value", "9XAD", "--goods", "tea-green"]
    env = {"XB_CONFIG": str(settings)}
    assert len(xb([*argv], env=env).stdout.splitlines()) == 2
    env["XB_TOP"] = "2"
    assert len(xb([*argv], env=env).stdout.splitlines()) == 3
    assert len(xb([*argv, "--top", "3"], env=env).stdout.splitlines()) == 4
