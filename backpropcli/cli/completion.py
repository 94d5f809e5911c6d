"""backprop completion SHELL: the script for a shell, and the words that it asks for.

The script runs ``backprop`` with _BACKPROP_COMPLETE set to the shell's name, and with the words up
to the cursor; the last one is to be completed. Bash tells the line instead, and the part of the
word that it would replace.
"""

from __future__ import annotations

import sys

from backpropcli.cli.reader import single
from backpropcli.errors import BackpropError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BASH = r"""_backprop() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(_BACKPROP_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    case "${COMPREPLY[0]}" in
        *[=/\(,]|*=\') compopt -o nospace ;;
    esac
}
complete -o nosort -F _backprop backprop backpropcli 2>/dev/null ||
    complete -F _backprop backprop backpropcli
"""
ZSH = r"""_backprop() {
    local -a found open opened closed shut asked
    local line word shown
    integer width=0
    asked=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    (( CURRENT > 2 )) || asked=("${(Q)PREFIX}")
    found=("${(@f)$(_BACKPROP_COMPLETE=zsh ${words[1]} "${asked[@]}" 2>/dev/null)}")
    for line in "${found[@]}"; do
        word=${line%%$'\t'*}
        (( width = ${#word} > width ? ${#word} : width ))
    done
    for line in "${found[@]}"; do
        word=${line%%$'\t'*}
        shown=$word
        [[ $line == *$'\t'* ]] && shown="${(r:width:)word}  -- ${line#*$'\t'}"
        case $word in
            "") ;;
            *[=/\(,]) open+=("$word") opened+=("${shown[1,COLUMNS-1]}") ;;
            *) closed+=("$word") shut+=("${shown[1,COLUMNS-1]}") ;;
        esac
    done
    compadd -V closed -l -d shut -a closed
    compadd -V open -S '' -l -d opened -a open
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _backprop backprop backpropcli
"""
FISH = r"""function __backprop_complete
    set -l words (commandline -opc)
    _BACKPROP_COMPLETE=fish $words[1] $words[2..-1] (commandline -ct | string unescape) 2>/dev/null
end
complete -c backprop -f -k -a '(__backprop_complete)'
complete -c backpropcli -f -k -a '(__backprop_complete)'
"""
SPECIAL = " ()[]{}<>|&;*?!'\"$`\\#~"
"""What a shell acts on, outside quotes."""
# An interactive zsh takes no comments, so that there are none.
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def run(words: Sequence[str], _: object) -> int:
    """Print the script for a shell; return the exit code."""
    shell = single(words, "completion") or "none"
    if shell not in SCRIPTS:
        hint = did_you_mean(shell, SCRIPTS, f"write: backprop completion {'|'.join(SCRIPTS)}")
        raise BackpropError(
            "which shell?" if shell == "none" else f"there is no completion for {shell}", hint
        )
    sys.stdout.write(SCRIPTS[shell])
    return 0


def answer(argv: Sequence[str], shell: str) -> int:
    """Print the words that may stand at the cursor; return the exit code."""
    from backpropcli.cli.candidates import candidates  # noqa: PLC0415 (not for the script)

    if shell != "bash":
        *words, current = argv or [""]
        rows = [f"{word}\t{what}" for word, what in candidates(words, current)]
        sys.stdout.write("".join([f"{row.rstrip()}\n" for row in rows]))
        return 0
    line, replaced = (*argv, "", "")[:2]
    (_, *words), current, quote = split(line)
    found = [word for word, _ in candidates(words, current)]
    if quote and len(found) == 1 and found[0].endswith("("):
        found.append(f"{found[0]}x)")  # else readline closes the quote
    for word in found:
        rest = word[len(current) :]
        shown = rest if quote else escaped(rest, whole=not current)
        sys.stdout.write(f"{replaced}{shown}\n")
    return 0


def split(line: str) -> tuple[list[str], str, str]:
    """Return the words of a command line, the last one, and the quote that is open there."""
    words = [""]
    quote, rest = "", iter(line)
    for char in rest:
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'":
            words[-1] += next(rest, "")
        elif char == " " and not quote:
            words += [""] * bool(words[-1])
        else:
            words[-1] += char
    return words[:-1] or [""], words[-1], quote


def escaped(text: str, *, whole: bool) -> str:
    """Return ``text`` so that a shell acts on nothing in it; a ``whole`` word gets quotes."""
    if whole and not {*SPECIAL}.isdisjoint(text):
        return f"'{text}'"
    return "".join([f"\\{char}" if char in SPECIAL else char for char in text])
