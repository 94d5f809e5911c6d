"""The typer application: what every command takes, and every mistake in how it is taken."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import typer

from backpropcli.cli.commands import run
from backpropcli.cli.line.reader import settled
from backpropcli.cli.line.usage import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.cli.line.usage import Command

app = typer.Typer(
    name="backprop", rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)


def declared(command: Command) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a function of typer's the parameters of ``command``: its words and its options."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters = [
            inspect.Parameter(
                "words",
                kind,
                annotation=list[str],
                default=typer.Argument(None, metavar=command.takes),
            )
        ]
        for option in command.options:
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
                    ),
                )
            )
        function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return function

    return decorate


def _runs(command: Command) -> Callable[..., None]:
    """Return typer's function for a command."""

    def function(words: list[str] | None, **options: Any) -> None:  # noqa: ANN401
        given = {key.removeprefix("option_"): value for key, value in options.items()}
        for option in command.options:
            if option.repeated:  # typer has no list of what is not given
                given[option.key] = given[option.key] or None
        raise typer.Exit(run(command.name, words or [], settled(given, command.options)))

    return function


for _command in COMMANDS.values():
    app.command(_command.name, help=_command.sentence)(declared(_command)(_runs(_command)))
