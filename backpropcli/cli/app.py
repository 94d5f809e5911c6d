"""The typer application: help, subcommands, completion, and every mistake on the command line."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import typer

from backpropcli import __version__
from backpropcli.cli import functions, schema
from backpropcli.cli.modes import run
from backpropcli.cli.options import HELP, MODES
from backpropcli.cli.reader import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.cli.options import Option

app = typer.Typer(
    name="backprop",
    help="Gradients at a shell prompt: backprop '(w*x + b - y)^2' w=2 x=3 b=1 y=5",
    epilog="'backprop EXPR ...' is short for 'backprop grad EXPR ...'.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def declared(options: Sequence[Option]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command its parameters: EXPR, the bindings, and ``options``."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters = [
            inspect.Parameter(
                "words",
                kind,
                annotation=list[str],
                default=typer.Argument(
                    None,
                    metavar="EXPR [NAME=VALUE]...",
                    show_default=False,
                    help="The program, or - for stdin, or @FILE; then values for its variables.",
                ),
            )
        ]
        for option in options:
            flag = option.type is bool
            both = f"--{option.name}/--no-{option.name}"
            parameters.append(
                inspect.Parameter(
                    f"option_{option.key}",  # some are keywords of Python: --with, --in
                    kind,
                    annotation=list[str]
                    if option.repeated
                    else bool | None
                    if flag
                    else str | None,
                    default=typer.Option(
                        option.default if flag or option.default is None else f"{option.default}",
                        both if option.negation else f"--{option.name}",
                        help=option.help,
                        metavar=None if flag else option.metavar,
                        show_default=not flag and option.default is not None,
                    ),
                )
            )
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return command

    return decorate


@app.callback(invoke_without_command=True)
def backprop(  # noqa: D103 (the help is the application's)
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version."),  # noqa: FBT001
) -> None:
    if version:
        typer.echo(f"backprop {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _command(name: str) -> Callable[..., None]:
    """Return the typer command of a mode."""

    def command(words: list[str] | None, **options: Any) -> None:  # noqa: ANN401
        given = {key.removeprefix("option_"): value for key, value in options.items()}
        for option in MODES[name]:
            if option.repeated:  # typer has no list of what is not given
                given[option.key] = given[option.key] or None
        raise typer.Exit(run(name, words or [], settled(given, MODES[name])))

    return command


for _name, _options in MODES.items():
    app.command(_name, help=HELP[_name])(declared(_options)(_command(_name)))


@app.command("functions", help="The operations: what each does, its derivative, its kinks.")
def show_functions(  # noqa: D103
    name: str = typer.Argument(None, metavar="[NAME]", help="Tell all about this one."),
) -> None:
    raise typer.Exit(functions.run(name))


@app.command("schema", help="The JSON Schema of what a command prints with --json.")
def show_schema(  # noqa: D103
    name: str = typer.Argument("grad", metavar="[COMMAND]", help="Which command."),
) -> None:
    raise typer.Exit(schema.run(name))
