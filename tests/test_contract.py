"""What every command owes its user, and what the tree owes its readers."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORLD = ["--no-bundled", "--rates", str(ROOT / "tests" / "cli" / "tables")]
PARCEL = [
    *("--from", "XA", "--to", "XB", "--on", "2026-02-01", "--weight", "0.46kg"),
    *("--value", "25XAD", "--goods", "tea-green"),
]
CLEARANCE = [
    *("--from", "XA", "--to", "XB", "--on", "2026-02-01", "--value", "25XAD", "--freight", "5XAD"),
    *("--goods", "tea-green", "--channel", "postal"),
]
ORDER = "order_id,from,to,weight,value,goods,ordered_on\n1,XA,XB,0.4kg,5XAD,tea-green,2026-02-01\n"
COMMANDS = [
    [],
    ["quote"],
    ["explain"],
    ["duty"],
    ["batch"],
    ["verify"],
    ["rates"],
    ["rates", "list"],
    ["rates", "show"],
    ["rates", "stale"],
    ["rates", "check"],
    ["rates", "where"],
    ["goods"],
    ["goods", "search"],
    ["goods", "show"],
    ["duties"],
    ["duties", "import"],
    ["duties", "show"],
    ["duties", "history"],
    ["rules"],
    ["rules", "show"],
    ["rules", "diff"],
    ["rules", "next"],
]


def process(
    *argv: str, stdin: str = "", python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *python, "-m", "xborder_cli", *argv],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def inside(xb):
    """Runs inside this process: quicker, where the process does not matter."""

    def run(*argv: str, stdin: str = ""):
        return xb(list(argv), stdin=stdin.encode())

    return run


# -- every command ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command, inside):
    ran = inside(*command, "--help")
    assert ran.code == 0
    assert ran.stdout.startswith(f"Usage: {' '.join(['xb', *command])}")
    assert "\x1b" not in ran.stdout
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "command",
    [c for c in COMMANDS if c not in ([], ["rates"], ["goods"], ["duties"], ["rates", "where"])],
)
def test_help_ends_with_examples(command, inside):
    assert f"xb {' '.join(command)}" in inside(*command, "--help").stdout.partition("Examples:")[2]


def test_flags_of_batch_are_shown_and_explained(inside):
    from xborder_cli.cli.batch import READ, RUN, WRITE

    shown = inside("batch", "--help").stdout
    page = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    flags = [str(one.default) for group in (READ, WRITE, RUN) for one in group.values()]
    assert len(flags) > 10
    assert [name for name in flags if name not in shown] == []
    assert [name for name in flags if f"`{name}" not in page and f" {name}" not in page] == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_unknown_option(command, inside):
    ran = inside(*command, "--no-such-thing")
    assert ran.code == 2
    assert ran.stdout == ""
    assert "--no-such-thing [unknown-option]" in ran.stderr


@pytest.mark.parametrize("command", [["batch", "-"], ["batch"], ["verify", "-"]])
def test_empty_stdin(command, inside):
    ran = inside(*command, *WORLD)
    assert ran.code == 3
    assert ran.stdout == ""
    assert "stdin" in ran.stderr


@pytest.mark.parametrize("kind", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize("command", ["quote", "explain", "duty", "batch", "rates list"])
def test_formats(command, kind, inside):
    rest = {"duty": CLEARANCE, "batch": ["-"], "rates list": []}.get(command, PARCEL)
    ran = inside(*command.split(), *rest, *WORLD, "--format", kind, stdin=ORDER)
    assert (ran.code, ran.stderr if command != "batch" else "") == (0, "")
    assert ran.stdout.endswith("\n")
    if kind == "json":
        assert json.loads(ran.stdout)
    elif kind == "jsonl":
        assert all(json.loads(line) for line in ran.stdout.splitlines())
    elif kind == "csv":
        heading, *rows = ran.stdout.splitlines()
        assert rows
        assert "," in heading


def test_closed_pipe():
    program = f"{sys.executable} -m xborder_cli rates list goods --format csv"
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program} | head -n 1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    # what fits into the pipe's buffer is written before the reader goes
    assert ran.stdout.splitlines()[-1] in ("0", "141")


def test_closed_pipe_of_a_long_answer():
    program = f"yes | head -c 3000000 | {sys.executable} -c '{_RELAY}'"
    ran = subprocess.run(["bash", "-c", f"{program} | head -n 1"], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("y\n", "")


_RELAY = (
    "import signal, sys; from xborder_cli import __main__ as m; import xborder_cli.cli.app as a;"
    "a.run = lambda argv: sys.stdout.write(sys.stdin.read()) and 0; m.main()"
)


def test_interrupted(monkeypatch, inside):
    _raising(monkeypatch, KeyboardInterrupt())
    ran = inside("quote", *PARCEL, *WORLD)
    assert (ran.code, ran.stdout) == (130, "")


def test_a_bug_says_so(monkeypatch, inside):
    _raising(monkeypatch, RuntimeError("wheels came off"))
    ran = inside("quote", *PARCEL, *WORLD)
    assert (ran.code, ran.stdout) == (70, "")
    assert "wheels came off [bug]" in ran.stderr
    assert "xb quote --from XA" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_debug_shows_the_traceback(monkeypatch, inside):
    _raising(monkeypatch, RuntimeError("wheels came off"))
    monkeypatch.setenv("XB_DEBUG", "1")
    with pytest.raises(RuntimeError, match="wheels"):
        inside("quote", *PARCEL, *WORLD)


def _raising(monkeypatch, error: BaseException) -> None:
    def open_tables(folders):
        raise error

    monkeypatch.setattr("xborder_cli.tables.compile.open_tables", open_tables)


def test_quiet_keeps_errors_only(inside):
    heading = "order_id,from,to,weight,value,goods,ordered_on,shoe\n"
    order = heading + "1,XA,XB,0.4kg,5XAD,tea-green,2026-02-01,9\n"
    assert inside("batch", "-", *WORLD, stdin=order).stderr
    assert inside("batch", "-", *WORLD, "-q", stdin=order).stderr == ""


def test_verbose_says_what_was_loaded(inside):
    assert "digest" in inside("quote", *PARCEL, *WORLD, "-v").stderr


def test_a_quote_verifies(tmp_path, inside):
    document = inside("quote", *PARCEL, *WORLD, "--format", "json").stdout
    path = tmp_path / "quote.json"
    path.write_text(document)
    assert inside("verify", str(path), *WORLD).code == 0
    quote = json.loads(document)
    quote["options"][0]["total"] = "0.01"
    path.write_text(json.dumps(quote))
    ran = inside("verify", str(path), *WORLD)
    assert ran.code == 1
    assert ran.stdout.startswith("does not hold")


def test_sums_of_json(inside):
    from decimal import Decimal

    quote = json.loads(inside("quote", *PARCEL, *WORLD, "--format", "json").stdout)
    assert quote["options"]
    for option in quote["options"]:
        number = {
            name: Decimal(option[name]) for name in ("freight", "duty", "tax", "fees", "total")
        }
        assert sum(number[name] for name in ("freight", "duty", "tax", "fees")) == number["total"]
        assert Decimal(option["seller_pays"]) + Decimal(option["buyer_pays"]) == number["total"]
        lines = (Decimal(charge["in_quote_currency"]) for charge in option["charges"])
        assert sum(lines) == number["total"]
        for charge in option["charges"]:
            assert charge["kind"] in ("freight", "duty", "tax", "fee")
            assert charge["table"] and charge["line"] and charge["source"] and charge["confidence"]


# -- what is loaded -----------------------------------------------------------------------------


def _loaded(*argv: str, stdin: str = "") -> set[str]:
    ran = process(*argv, stdin=stdin, python=("-X", "importtime"))
    assert ran.returncode == 0, ran.stderr
    return {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if "|" in line}


HEAVY = {"pandas.core", "yaml", "rich", "currency_converter", "xborder_cli.tables.load"}


def test_help_is_light():
    loaded = _loaded("--help")
    assert not loaded & {"numpy", "pandas", "pyarrow", "yaml", "rich", "rich.table", "platformdirs"}


def test_a_warm_quote_is_light():
    assert process("quote", *PARCEL, *WORLD).returncode == 0
    loaded = _loaded("quote", *PARCEL, *WORLD)
    assert not loaded & {*HEAVY, "pyarrow"}


def test_a_warm_batch_is_light():
    argv = ["batch", "-", *WORLD, "--format", "csv"]
    assert process(*argv, stdin=ORDER).returncode == 0
    assert not _loaded(*argv, stdin=ORDER) & HEAVY


def test_arrow_without_pandas_still_makes_frames():
    program = (
        "import sys, xborder_cli.batch, pyarrow as pa; pa.array([1]); assert 'pandas' not in"
        " sys.modules; print(pa.table({'a': ['x', None]}).to_pandas()['a'].tolist()[0],"
        " pa.array(__import__('pandas').Series(['y', None]))[0])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("x y\n", "")


# -- the tree -----------------------------------------------------------------------------------


def _sources(folder: str) -> list[Path]:
    return sorted((ROOT / "xborder_cli" / folder).glob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", _sources("core"), ids=lambda path: path.name)
def test_core_is_pure(path):
    roots = {name.split(".")[0] for name in _imports(path)}
    barred = {"typer", "rich", "yaml", "pandas", "pyarrow", "pathlib", "os", "io", "time", "sys"}
    assert not roots & barred
    assert not any(clock in path.read_text() for clock in (".today(", ".now(", "print("))
    ours = {name for name in _imports(path) if name.startswith("xborder_cli")}
    allowed = ("xborder_cli.core", "xborder_cli.units", "xborder_cli.errors")
    assert all(name.startswith(allowed) for name in ours), ours


INWARD = {
    "core": ("batch", "cli", "adapters", "tables"),
    "tables": ("batch", "cli"),
    "adapters": ("batch", "cli"),
    "batch": ("cli",),
}


@pytest.mark.parametrize("folder", INWARD)
def test_imports_point_inward(folder):
    barred = tuple(f"xborder_cli.{one}" for one in INWARD[folder])
    for path in _sources(folder):
        assert not any(name.startswith(barred) for name in _imports(path)), path


@pytest.mark.parametrize("folder", ["core", "tables", "adapters"])
def test_arrow_stays_in_batch(folder):
    for path in _sources(folder):
        assert not any(name.startswith("pyarrow") for name in _imports(path)), path


def _words_of_the_world() -> set[str]:
    from xborder_cli.tables.bundled import bundled_folder
    from xborder_cli.tables.load import load_tables

    tables = load_tables([bundled_folder()])
    carriers = {card.carrier for card in tables.cards} | {card.id for card in tables.cards}
    return {*tables.countries, *tables.currencies, *tables.unions, *carriers}


def test_no_country_currency_or_carrier_in_the_code():
    world = _words_of_the_world()
    found = []
    for folder in ("core", "tables", "batch"):
        for path in _sources(folder):
            tree = ast.parse(path.read_text())
            words = {id(node) for node in _docstrings(tree)}
            for node in ast.walk(tree):
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                    continue
                if id(node) not in words and node.value in world:
                    found.append(f"{path.name}:{node.lineno}: {node.value}")
    assert found == []


def _docstrings(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
