"""How flags are declared once and taken by several commands."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer.models import OptionInfo

T = TypeVar("T")
Command = Callable[..., None]


def flag(
    *names: str, metavar: str = "TEXT", group: str = "Options", env: str = "", help: str
) -> Any:  # noqa: ANN401  # what typer.Option returns
    """Return an option that takes a value; `group` is its heading in --help."""
    return typer.Option(
        *names,
        metavar=metavar,
        rich_help_panel=group,
        envvar=env or None,
        show_envvar=bool(env),
        show_default=False,
        help=help,
    )


def switch(*names: str, group: str = "Options", help: str) -> Any:  # noqa: ANN401  # as flag
    """Return an option that is on or off."""
    return typer.Option(*names, rich_help_panel=group, show_default=False, help=help)


def takes(**groups: tuple[type, dict[str, OptionInfo]]) -> Callable[[Command], Command]:
    """Give a command the fields of dataclasses as flags, and hand it the dataclasses filled.

    Args:
        groups: parameter of the command -> (dataclass, its fields that are flags here).
    """

    def decorate(command: Command) -> Command:
        parameters = [
            one.replace(annotation=eval(one.annotation, command.__globals__))
            for one in inspect.signature(command).parameters.values()
            if one.name not in groups
        ]
        for kind, options in groups.values():
            parameters += _parameters(kind, options)

        @functools.wraps(command)
        def run(**given: Any) -> None:  # noqa: ANN401  # whatever typer read
            for name, (kind, options) in groups.items():
                taken = {key: given.pop(key) for key in options}
                given[name] = kind(**{key: _plain(value) for key, value in taken.items()})
            command(**given)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return decorate


def _plain(value: object) -> object:
    """Return lists as tuples, and a switch that nobody touched as off."""
    if value is None:
        return False
    return tuple(value) if isinstance(value, list) else value


def _parameters(kind: type, options: dict[str, OptionInfo]) -> list[inspect.Parameter]:
    hints = get_type_hints(kind)
    found = []
    defined = {one.name: one for one in fields(kind)}
    for one in (defined[name] for name in options):
        hint = hints[one.name]
        default = one.default if one.default is not MISSING else ""
        if hint == tuple[str, ...]:
            hint, default = list[str], []
        found.append(
            inspect.Parameter(
                one.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[hint, options[one.name]],
            )
        )
    return found


class _AsTyped:
    """Takes words as they are typed; left alone, typer loads pydantic to do so.

    That costs as much as the rest of the start of `xb quote`. Versions of typer that read flags in
    another way never look here.
    """

    def coerce(self, value: Any, **_: Any) -> Any:  # noqa: ANN401  # whatever was typed
        """Return the value."""
        return value


def _as_typed(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        parameter._runtime_param = _AsTyped()
    return parameters


class PlainGroup(TyperGroup):
    """A group of commands; its own few flags are read as those of commands."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # typer's own
        """Return the flags of the group."""
        return _as_typed(super().get_params(ctx))


def command_group(
    words: str, *, epilog: str | None = None, cls: type[PlainGroup] = PlainGroup
) -> typer.Typer:
    """Return a group of commands that prints its help, in plain text, when none is named."""
    return typer.Typer(
        cls=cls, help=words, epilog=epilog, no_args_is_help=True, rich_markup_mode=None
    )


class GroupedCommand(TyperCommand):
    """A command whose --help puts flags under headings, in plain text."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # typer's own
        """Return flags and arguments, read as text: our own readers know better what it means."""
        return _as_typed(super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # typer's own
        """Write arguments, then each group of flags."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            heading = getattr(parameter, "rich_help_panel", None) or "Options"
            if parameter.param_type_name == "argument":
                heading = "Arguments"
                record = (str(parameter.metavar or record[0]), record[1])
            groups.setdefault(heading, []).append(record)
        last = groups.pop("Options", [])
        for heading, records in (*groups.items(), ("Options", last)):
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFlags:
    """Which tables, and how talkative."""

    rates: tuple[str, ...] = ()
    no_bundled: bool = False
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFlags:
    """How an answer is written."""

    format: str = ""
    fields: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFlags:
    """What ranks the options, and which of them are wanted."""

    currency: str = ""
    by: str = "cost"
    day_value: str = ""
    modes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    top: str = ""
    all: bool = False
    why: bool = False
