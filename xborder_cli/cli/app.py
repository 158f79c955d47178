"""The program: its commands, and the one place where errors become words and exit statuses."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main

from xborder_cli.cli import batch, duties, duty, goods, quote, rates, rules, settings, verify
from xborder_cli.cli.flags import GroupedCommand, PlainGroup
from xborder_cli.cli.no_reader import OutputError
from xborder_cli.cli.problems import show
from xborder_cli.cli.session import Session
from xborder_cli.cli.streams import Streams
from xborder_cli.errors import ExitCode, Problem, UsageError, Where, XbError

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = """Price a parcel across a border by every logistics mode, duty and tax included."""
EXAMPLES = """\b
Examples:
  xb quote --from CN --to US --weight 0.46kg --size 25x20x8cm --value 25USD \\
    --goods t-shirt-cotton
  xb duty --to GB --from CN --value 100GBP --freight 12GBP --duty 12%
  xb batch orders.csv -o priced.csv
  xb rates list
\b
Exit status: 0 all answered; 1 answered, something left out or found wrong;
2 wrong usage; 3 unreadable orders; 4 bad or silent tables; 70 a bug of ours;
130 interrupted; 141 pipe closed.
"""
CONTEXT = {"help_option_names": ["--help", "-h"], "max_content_width": 100}

app = typer.Typer(
    cls=PlainGroup,
    help=WORDS,
    epilog=EXAMPLES,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=CONTEXT,
)
for name, command, examples in (
    ("quote", quote.quote, quote.QUOTE_EXAMPLES),
    ("explain", quote.explain, quote.EXPLAIN_EXAMPLES),
    ("duty", duty.duty, duty.EXAMPLES),
    ("batch", batch.batch, batch.EXAMPLES),
    ("verify", verify.verify, verify.EXAMPLES),
):
    app.command(name, cls=GroupedCommand, epilog=examples)(command)
app.add_typer(rates.app, name="rates")
app.add_typer(rules.app, name="rules")
app.add_typer(duties.app, name="duties")
app.add_typer(goods.app, name="goods")


def _version(wanted: bool) -> None:
    if wanted:
        from xborder_cli import __version__

        typer.echo(f"xb {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="show the version and leave"
        ),
    ] = False,
) -> None:
    pass


# what typer raises for a wrong command line; its module has another name in each version
_WRONG: type[Exception] = typer.BadParameter.__mro__[2]


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit status; whatever it raised is said in words."""
    streams = Streams(no_color="--no-color" in argv)
    session = Session(streams=streams)
    debug = bool(os.environ.get("XB_DEBUG"))
    try:
        status = _run(argv, session)
        streams.out.flush()
    except XbError as error:
        show(error.problems, streams)
        if isinstance(error, OutputError):
            streams.discard()
        if debug:
            raise
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return ExitCode.PIPE_CLOSED
    except Exception as error:
        if debug:
            raise
        streams.warn(f"xb has a bug: {type(error).__name__}: {error} [bug]")
        streams.warn(f"  fix: please report it with this command line: xb {_quoted(argv)}")
        streams.warn("       XB_DEBUG=1 shows where it happened")
        return ExitCode.BUG
    return status


def _run(argv: Sequence[str], session: Session) -> int:
    program: Any = typer.main.get_command(app)
    defaults: dict[str, object] = {}
    if not {"--help", "-h", "--version"} & set(argv):
        defaults = _defaults(program, session)
    try:
        left = program.main(
            args=list(argv),
            prog_name="xb",
            standalone_mode=False,
            obj=session,
            default_map=defaults,
        )
    except _WRONG as error:
        raise _usage(error, program, session.streams) from None
    if isinstance(left, int) and left:
        return left
    return session.status


def _defaults(program: Any, session: Session) -> dict[str, object]:  # noqa: ANN401  # typer's own
    """Return what xb.toml says, command by command, under the names of their parameters."""
    flags = {
        name: {option.lstrip("-"): one.name for one in command.params for option in one.opts}
        for name, command in program.commands.items()
        if not hasattr(command, "commands")
    }
    known = {flag for own in flags.values() for flag in own}
    session.settings = settings.load(known)
    found: dict[str, object] = {}
    for name, own in flags.items():
        values = session.settings.for_command(name)
        found[name] = {own[flag]: _text(value) for flag, value in values.items() if flag in own}
    return found


def _text(value: object) -> object:
    """Return a setting as the flag would have it: text, unless it is on or off, or a list."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value)


def _usage(error: Any, program: Any, streams: Streams) -> XbError:  # noqa: ANN401  # typer's own
    """Return what typer found wrong as one of our errors."""
    context: Any = getattr(error, "ctx", None)
    kind = type(error).__name__
    place = Where(context.command_path if context is not None else "xb")
    if kind == "NoArgsIsHelpError":
        streams.warn(str(error.message))
        return UsageError(())
    help_at = f"{place.path} --help"
    if kind == "NoSuchOption":
        options = [name for one in context.command.params for name in one.opts]
        options = difflib.get_close_matches(error.option_name, options, 2, 0.7)
        fix = f"did you mean {' or '.join(options)}? " if options else ""
        problem = Problem(
            code="unknown-option",
            where=place,
            what=f"no option {error.option_name}",
            fix=f"{fix}{help_at} lists all",
        )
    elif kind == "MissingParameter":
        name = _name_of(error.param)
        problem = Problem(
            code="missing", where=place, what=f"{name} is missing", fix=f"see {help_at}"
        )
    elif kind == "BadOptionUsage":
        problem = Problem(
            code="bad-usage",
            where=Where(error.option_name),
            what="needs a value" if "requires an argument" in error.message else error.message,
            fix=f"see {help_at}",
        )
    else:
        message = str(error.message).partition(". ")[0].rstrip(".")
        near = _near_command(message, context, program)
        problem = Problem(
            code="unknown-command" if "No such command" in message else "bad-usage",
            where=Where(_name_of(error.param)) if getattr(error, "param", None) else place,
            what=message[:1].lower() + message[1:],
            fix=near or f"see {help_at}",
        )
    return UsageError(problem)


def _name_of(parameter: Any) -> str:  # noqa: ANN401  # typer's own
    if parameter is None:
        return "something"
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name)
    return str(parameter.opts[0])


def _near_command(message: str, context: Any, program: Any) -> str:  # noqa: ANN401  # typer's own
    if "No such command" not in message or "'" not in message:
        return ""
    group = context.command if context is not None else program
    wanted = message.split("'")[1]
    near = difflib.get_close_matches(wanted, list(getattr(group, "commands", ())), 1)
    known = ", ".join(getattr(group, "commands", ()))
    return f"did you mean {near[0]}?" if near else f"commands are {known}"


def _quoted(argv: Sequence[str]) -> str:
    import shlex

    return shlex.join(argv)
