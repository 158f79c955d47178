"""The cache of compiled tables: what is read back is what was written, or is built anew."""

from __future__ import annotations

import ast
import dataclasses
import functools
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from xborder_cli.adapters import central_bank
from xborder_cli.core.pipeline import quote
from xborder_cli.core.programme_lines import turning_days
from xborder_cli.core.rates import ProgrammeTable
from xborder_cli.core.rule import Money, Provenance, Term, Terms
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.errors import TableError
from xborder_cli.tables import compile as compiled
from xborder_cli.tables import stamps
from xborder_cli.tables.build import build_book
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.codec import CHUNK
from xborder_cli.tables.compile import open_tables
from xborder_cli.tables.lazy import LazyTuple
from xborder_cli.tables.load import load_tables
from xborder_cli.tables.packing import WHOLE_UP_TO, pack
from xborder_cli.tables.unpacking import unpack

OVERLAY = Path(__file__).parents[1] / "overlay"
PACKAGE = Path(compiled.__file__).parent
published_rates = functools.cache(central_bank.published_rates)  # its history takes a while to read
PARCEL = Shipment(
    origin="QZ",
    destination="XA",
    on=20619,  # 2026-06-15
    items=(Item(value=Money("EUR", (1001, 100)), goods="glow-lantern"),),
    weight_mg=400_000,
    length_dmm=2000,
    width_dmm=1500,
    height_dmm=1000,
)


@pytest.fixture
def world(tmp_path):
    """A small world: bundled countries, currencies and modes, and the invented overlay."""
    base = tmp_path / "base"
    base.mkdir()
    for name in ("countries", "currencies", "modes"):
        shutil.copy(bundled_folder() / f"{name}.yaml", base)
    overlay = tmp_path / "overlay"
    shutil.copytree(OVERLAY, overlay)
    return [base, overlay]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder."""
    monkeypatch.setattr(central_bank, "published_rates", published_rates)
    folder = tmp_path / "cache"
    monkeypatch.setenv("XB_CACHE", str(folder))
    return folder


@pytest.fixture
def builds(monkeypatch):
    """How often tables were built from their files, by a program that nobody edits meanwhile."""
    times = []
    program = stamps.program()
    monkeypatch.setattr(stamps, "program", lambda: list(program))
    whole = compiled._rebuild
    monkeypatch.setattr(compiled, "_rebuild", lambda *given: times.append(1) or whole(*given))
    return times


def ask(folders):
    """The answer that all is about."""
    return quote(open_tables(folders), PARCEL, currency="XQA")


def files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


def only(folder: Path) -> Path:
    (path,) = folder.glob("*.tables")
    return path


# -- what is written is what is read --------------------------------------------------------------


def same(a: object, b: object) -> bool:
    """Equal to the type of every number and array."""
    if isinstance(a, Mapping):
        return (
            isinstance(b, Mapping) and set(a) == set(b) and all(same(a[key], b[key]) for key in a)
        )
    if isinstance(b, LazyTuple):
        b = tuple(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if dataclasses.is_dataclass(a):
        names = [field.name for field in dataclasses.fields(a)]
        return all(same(getattr(a, name), getattr(b, name)) for name in names)
    return a == b


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 3 * WHOLE_UP_TO])
def test_rates_and_what_recurs_are_unpacked_one_by_one(count):
    rates = tuple(Terms(parts=(Term((n, 7), "base"),)) for n in range(count))
    recurs = tuple(Money("EUR", (n, 3)) for n in range(count))
    made = Provenance("duties/x.yaml", 7)
    table = ProgrammeTable("XX", "mfn", "", "EUR", "gap", {}, rates, made)
    text, arrays = pack((table, recurs, recurs))
    back, one, other = unpack(text, memoryview(arrays))
    assert (tuple(back.rates), one, other) == (rates, recurs, recurs)
    assert back == table
    assert back.rates[-3:] == rates[-3:]
    assert hash(back.rates) == hash(rates)
    for number in {0, count // 2, count - 1} if count else ():
        assert back.rates[number] is back.rates[number]
        assert one[number] is other[number]
    with pytest.raises(IndexError):
        back.rates[count]


def test_every_bundled_rule_comes_back_as_it_was(cache):
    book, rules = build_book(load_tables([bundled_folder()]), published_rates())
    open_tables([bundled_folder()])
    warm = open_tables([bundled_folder()])
    assert len(rules) > 200
    for name, rule in rules.items():
        text, arrays = pack(rule)
        assert same(rule, unpack(text, memoryview(arrays))), name
        found = warm.take(name)
        assert same(rule, found), name
        if isinstance(rule, ProgrammeTable):
            assert warm.turns[id(found)] == turning_days(book, rule), name
    for field in dataclasses.fields(book):
        if field.name not in ("take", "fx", "turns", "graphs"):
            assert same(getattr(book, field.name), getattr(warm, field.name)), field.name
    assert same(book.fx.series, warm.fx.series)
    assert book.fx.anchor == warm.fx.anchor


@pytest.mark.parametrize(
    "array",
    [
        np.arange(10),
        np.arange(100),
        np.arange(100) * 1000,
        np.arange(100) * 10**12,
        np.array([-40_000] * 99 + [2**31 - 1]),
        np.array([2**63 - 1] * 70),
        np.array([], dtype=np.int64),
        np.array([True, False] * 50),
        np.arange(100, dtype=np.int32),
    ],
    ids=str,
)
def test_arrays_come_back_whatever_their_numbers(array):
    text, arrays = pack((array, array[:3]))
    assert same((array, array[:3]), unpack(text, memoryview(arrays)))


# -- warm -----------------------------------------------------------------------------------------


def test_a_warm_answer_is_the_cold_one_and_builds_nothing(world, cache, builds):
    cold = ask(world)
    assert len(builds) == 1
    assert ask(world) == cold
    assert len(builds) == 1
    assert files(cache) == [".tables"]
    assert {option.service for option in cold.options} >= {"zephyr-parcel", "cumulus-drift"}


def test_a_warm_quote_imports_nothing_that_only_building_needs(world, cache):
    argv = ["quote", "--no-bundled", "--from", "QZ", "--to", "XA", "--goods", "glow-lantern"]
    argv += ["--weight", "0.4kg", "--value", "10EUR", "--on", "2026-06-15", "--format", "json"]
    for folder in world:
        argv += ["--rates", str(folder)]
    command = [sys.executable, "-X", "importtime", "-m", "xborder_cli", *argv]
    cold, warm = (subprocess.run(command, capture_output=True, text=True) for _ in range(2))
    assert (cold.returncode, warm.returncode) == (0, 0), cold.stderr[-500:]
    assert cold.stdout == warm.stdout
    heavy = {"pandas", "yaml", "currency_converter", "zipfile", "importlib.metadata"}
    assert imported(cold.stderr) >= {"yaml", "zipfile"}
    assert not imported(warm.stderr) & heavy


def imported(log: str) -> set[str]:
    lines = (line for line in log.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


# -- damaged, foreign, stale ----------------------------------------------------------------------


def put(path: Path, data: bytes) -> None:
    """Put other bytes under a name; whoever has the old file open keeps it."""
    path.unlink()
    path.write_bytes(data)


def damaged(data: bytes) -> list[tuple[str, bytes]]:
    """What may have become of a cache."""
    dice = random.Random(20261122)
    line = len(compiled.MAGIC) + compiled.SIZES
    header = line + sum(int(part, 16) for part in data[len(compiled.MAGIC) : line].split()[:2])
    found = [
        ("empty", b""),
        ("one byte", data[:1]),
        ("foreign", b"SQLite format 3\0" + data[16:]),
        ("other version", data.replace(b"xb tables 2", b"xb tables 1", 1)),
        ("longer", data + b"\0"),
        ("zeroes", bytes(len(data))),
        ("no sections", data[:header]),
        ("sections of zeroes", data[:header] + bytes(len(data) - header)),
    ]
    for _ in range(8):
        cut = dice.randrange(1, len(data))
        found.append((f"cut at {cut}", data[:cut]))
    for place in [dice.randrange(header) for _ in range(12)]:
        found.append((f"flipped {place}", flipped(data, [place], dice)))
    for _ in range(12):
        places = [dice.randrange(header, len(data)) for _ in range(40)]
        found.append((f"flipped {places[0]}, ...", flipped(data, places, dice)))
    return found


def flipped(data: bytes, places: list[int], dice: random.Random) -> bytes:
    out = bytearray(data)
    for place in places:
        out[place] ^= 1 << dice.randrange(8)
    return bytes(out)


def test_a_damaged_cache_is_built_anew_and_answers_the_same(world, cache, builds):
    right = ask(world)
    path = only(cache)
    whole = path.read_bytes()
    for name, data in damaged(whole):
        put(path, data)
        builds.clear()
        assert ask(world) == right, name
        if builds:
            assert path.read_bytes() == whole, name
        assert files(cache) == [".tables"], name


def test_damage_to_any_section_that_is_needed_is_noticed(world, cache, builds):
    """Every byte of every section that the answer reads, one section after the other."""
    right = ask(world)
    path = only(cache)
    whole = path.read_bytes()
    book = open_tables(world)
    shelf = book.take.__self__  # the bound method of the shelf
    quote(book, PARCEL, currency="XQA")
    start = len(whole) - len(shelf.body)
    taken = {name: shelf.index[name] for name in shelf.taken}
    assert len(taken) > 8
    dice = random.Random(1)
    for name, (at, _, size, _) in taken.items():
        put(path, flipped(whole, [start + at + dice.randrange(size)], dice))
        builds.clear()
        assert ask(world) == right, name
        assert builds, name
        assert path.read_bytes() == whole, name


def test_a_cache_of_other_tables_is_not_taken_for_ours(world, cache, builds):
    right = ask(world)
    path = only(cache)
    other = [*world, OVERLAY]
    ask(other)
    (theirs,) = set(cache.glob("*.tables")) - {path}
    put(path, theirs.read_bytes())
    builds.clear()
    assert ask(world) == right
    assert len(builds) == 1


def test_an_edited_table_gives_a_new_answer(world, cache):
    def freight() -> int:
        return next(o for o in ask(world).options if o.service == "zephyr-parcel").freight_minor

    assert freight() == 1584
    table = world[1] / "carriers" / "zephyr.yaml"
    before = table.stat()
    table.write_text(table.read_text().replace("plain  900 XQB", "plain  800 XQB"))
    # of the same size, and even as old as before
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert freight() == 1408  # 800 + 80 XQB
    table.write_text(table.read_text().replace("plain  800 XQB", "plain  900 XQB"))
    assert freight() == 1584


@pytest.mark.parametrize("change", ["added", "renamed", "gone"])
def test_a_file_more_or_less_gives_a_new_answer(world, cache, builds, change):
    ask(world)
    table = world[1] / "carriers" / "cumulus.yaml"
    if change == "added":
        shutil.copy(table, table.with_name("nimbus.yaml"))
        text = table.with_name("nimbus.yaml")
        text.write_text(text.read_text().replace("cumulus", "nimbus"))
    elif change == "renamed":
        table.rename(table.with_name("other.yaml"))
    else:
        table.unlink()
    after = ask(world)
    assert len(builds) == 2
    services = {option.service for option in after.options}
    assert ("cumulus-drift" in services) == (change != "gone")
    assert ("nimbus-drift" in services) == (change == "added")


def test_tables_edited_while_a_damaged_cache_is_read_are_no_mixed_answer(world, cache, builds):
    ask(world)
    book = open_tables(world)
    with only(cache).open("r+b") as file:  # the mapped pages change below the open book
        whole = file.read()
        file.seek(len(whole) - len(book.take.__self__.body))
        file.write(bytes(len(book.take.__self__.body)))
    table = world[1] / "carriers" / "zephyr.yaml"
    table.write_text(table.read_text().replace("plain  900 XQB", "plain  800 XQB"))
    with pytest.raises(TableError) as fault:
        quote(book, PARCEL, currency="XQA")
    assert [problem.code for problem in fault.value.problems] == ["tables-changed"]
    assert ask(world).options


def test_a_folder_that_is_gone_is_a_fault_of_the_tables(world, cache, tmp_path):
    with pytest.raises(TableError) as fault:
        open_tables([*world, tmp_path / "nowhere"])
    assert [problem.code for problem in fault.value.problems] == ["no-folder"]
    assert not cache.exists()


# -- a folder that cannot be written --------------------------------------------------------------


def test_a_cache_folder_that_is_a_file(world, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    for named in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("XB_CACHE", str(named))
        assert ask(world).options
        assert ask(world).options
    assert (tmp_path / "file").read_text() == "mine"


def test_a_cache_folder_that_cannot_be_written(world, cache, monkeypatch):
    cache.mkdir()
    cache.chmod(0o500)
    if os.geteuid() == 0:  # nothing is forbidden to root

        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.mkstemp", refuse)
    first = ask(world)
    assert ask(world) == first
    assert list(cache.iterdir()) == []
    cache.chmod(0o700)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["replace", "write"])
def test_a_write_that_fails_leaves_nothing_behind(world, cache, monkeypatch, fault, where):
    def fail(*_, **__):
        raise fault

    if where == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        opened = os.fdopen

        def broken(*given):
            file = opened(*given)
            monkeypatch.setattr("os.fdopen", opened)
            return _Broken(file, fail)

        monkeypatch.setattr("os.fdopen", broken)
    if isinstance(fault, OSError):
        assert ask(world).options
    else:
        with pytest.raises(KeyboardInterrupt):
            ask(world)
    assert list(cache.iterdir()) == []


class _Broken:
    """A file that cannot be written to."""

    def __init__(self, file, fail) -> None:
        self.file, self.write = file, fail

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.file.close()


def test_old_caches_and_unfinished_files_go_and_no_others(world, cache):
    cache.mkdir()
    long_ago = time.time() - 2 * compiled.FORGOTTEN_S
    ours = [f"xb-{number}.tables" for number in range(9)]
    theirs = ["film.part", "dinner.tables"]
    for number, name in enumerate([*ours, "xb-killed.tables.part", *theirs]):
        (cache / name).write_text("old")
        os.utime(cache / name, (long_ago + number, long_ago + number))
    (cache / "xb-writing.tables.part").write_text("half")
    ask(world)
    left = {path.name for path in cache.iterdir()}
    assert left >= {*theirs, "xb-writing.tables.part", *ours[-compiled.KEPT + 1 :]}
    assert len(left) == 2 + 1 + compiled.KEPT


def test_a_file_system_that_maps_nothing(world, cache, builds, monkeypatch):
    right = ask(world)

    def refuse(*_, **__):
        raise OSError(19, "No such device")

    monkeypatch.setattr("mmap.mmap", refuse)
    assert ask(world) == right
    assert len(builds) == 1


# -- several at once ------------------------------------------------------------------------------

STARTED = """
import sys
from pathlib import Path
from xborder_cli.tables.compile import open_tables
book = open_tables([Path(folder) for folder in sys.argv[1:]])
print(book.digest, book.take("card:zephyr-parcel@20454").service, len(book.goods))
"""


def test_many_processes_on_an_empty_cache(world, cache):
    command = [sys.executable, "-c", STARTED, *map(str, world)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * 6, ended
    assert len(set(ended)) == 1
    assert ended[0][0].endswith("Zephyr Parcel 2\n")
    assert files(cache) == [".tables"]
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == ended[0][0]


# -- nothing of it is ever run --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["compile.py", "codec.py", "build.py", "lazy.py", "stamps.py"])
def test_no_code_is_read_from_a_cache(name):
    tree = ast.parse((PACKAGE / name).read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(alias.name for alias in node.names)}
    barred = {"pickle", "marshal", "shelve", "dill", "eval", "exec", "compile", "__import__"}
    assert not names & (barred | {"import_module", "allow_pickle", "__reduce__"})
