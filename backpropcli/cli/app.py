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


def _runs(command: Command) -> Callable[..., None]:
    """Return typer's function for a command, with its words and its options as parameters."""

    def function(words: list[str] | None, **options: Any) -> None:  # noqa: ANN401
        given = {key.removeprefix("option_"): value for key, value in options.items()}
        for option in command.options:
            if option.repeated:  # typer has no list of what is not given
                given[option.key] = given[option.key] or None
        raise typer.Exit(run(command.name, words or [], settled(given, command.options)))

    kind = inspect.Parameter.KEYWORD_ONLY
    words = typer.Argument(None, metavar=command.takes)
    parameters = [inspect.Parameter("words", kind, annotation=list[str], default=words)]
    for option in command.options:
        flag = option.type is bool
        both = f"--{option.name}/--no-{option.name}" if option.negation else f"--{option.name}"
        default = option.default if flag or option.default is None else f"{option.default}"
        shown = None if flag else option.metavar
        single = bool | None if flag else str | None
        parameters.append(
            inspect.Parameter(
                f"option_{option.key}",  # some are keywords of Python: --with, --in
                kind,
                annotation=list[str] if option.repeated else single,
                default=typer.Option(default, both, help=option.help, metavar=shown),
            )
        )
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return function


for _command in COMMANDS.values():
    app.command(_command.name, help=_command.sentence)(_runs(_command))
