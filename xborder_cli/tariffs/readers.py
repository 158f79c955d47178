"""Files of tariffs to readings: the reader of each kind, taken when it is needed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, cast

from xborder_cli.errors import OrderError, Problem, UsageError, Where
from xborder_cli.tariffs.editions import Reading
from xborder_cli.tariffs.kept import Origin
from xborder_cli.tariffs.taric_sheet import encoding_in
from xborder_cli.tariffs.text_encoding import encoding_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xborder_cli.tariffs.line import Tariff

# kind -> module, function, whether it takes all files at once
READERS: Final[dict[str, tuple[str, str, bool]]] = {
    "usitc": ("xborder_cli.tariffs.usitc", "read_hts", False),
    "uk": ("xborder_cli.tariffs.uk", "read_uk", True),
    "taric": ("xborder_cli.tariffs.taric", "read_taric", True),
    "csv": ("xborder_cli.tariffs.plain", "read_plain", False),
}
KINDS: Final = tuple(READERS)


def read_files(
    paths: Sequence[Path], kind: str = "", tariff: str = "", programme: str = ""
) -> list[Reading]:
    """Return what files say: one reading of all, or one of each where files are editions.

    Args:
        paths: of files of one kind.
        kind: of all of them; recognised when blank.
        tariff: whose duties, for a list of somebody's own.
        programme: likewise.

    Raises:
        UsageError: a file is not there, or an option does not go with its kind.
        OrderError: a file is of no kind that is known, or cannot be read.
    """
    digests = [Origin(name=path.name, sha256=_digest(path)) for path in paths]
    kinds = {path: kind or _recognised(path) for path in paths}
    if len(set(kinds.values())) > 1:
        found = ", ".join(f"{path.name} is {one}" for path, one in kinds.items())
        fix = "import files of one kind in one command"
        problem = Problem(code="several-kinds", where=Where("FILE"), what=found, fix=fix)
        raise UsageError(problem)
    kind = kinds[paths[0]]
    if kind not in READERS:
        what, fix = f'no kind of tariff "{kind}"', f"kinds are {', '.join(KINDS)}"
        raise UsageError(Problem(code="unknown-value", where=Where("--kind"), what=what, fix=fix))
    module, name, together = READERS[kind]
    options = _options(kind, tariff, programme)
    reader = getattr(_module(module), name)
    if together:
        return [_reading(reader(list(paths), **options), paths, digests)]
    return [
        _reading(reader(path, **options), [path], [digest])
        for path, digest in zip(paths, digests, strict=True)
    ]


def _reading(tariff: Tariff, paths: Sequence[Path], digests: Sequence[Origin]) -> Reading:
    tariff.notes += _encodings(paths)
    return Reading(tariff, tuple(digests))


def _encodings(paths: Sequence[Path]) -> list[str]:
    """Return a note for each file whose text is not UTF-8, since nothing in it says what it is."""
    named = {path: encoding_name(encoding_in(path)) for path in paths}
    return [f"{path.name}: its text is read as {name}" for path, name in named.items() if name]


def _options(kind: str, tariff: str, programme: str) -> dict[str, str]:
    if kind == "csv":
        if not tariff:
            what = "a list of rates does not say whose they are"
            fix = "add --tariff and the country or union, such as --tariff CA"
            raise UsageError(Problem(code="missing", where=Where("--tariff"), what=what, fix=fix))
        return {"tariff": tariff.upper(), "programme": programme or "mfn"}
    for flag, value in (("--tariff", tariff), ("--programme", programme)):
        if value:
            what = f"does not go with a file of kind {kind}, which says it itself"
            raise UsageError(
                Problem(code="bad-usage", where=Where(flag), what=what, fix="leave it out")
            )
    return {}


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise OrderError(
            Problem(
                code="unreadable-file",
                where=Where(str(path)),
                what=what,
                fix="name a file that is there and that you may read",
            )
        ) from None
    return total.hexdigest()


def _recognised(path: Path) -> str:
    kind = cast("str", _module("xborder_cli.tariffs.recognise").recognise(path))
    if kind not in READERS:
        what = "is no tariff file of a kind that is known"
        fix = f"say what it is: --kind {'|'.join(KINDS)}"
        raise OrderError(Problem(code="unknown-file", where=Where(str(path)), what=what, fix=fix))
    return kind


def _module(name: str) -> Any:  # noqa: ANN401  # modules of readers, each with its own function
    from importlib import import_module

    return import_module(name)
