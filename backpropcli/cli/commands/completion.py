"""backprop completion SHELL: the script by which a shell asks for words.

The script runs ``backprop`` with _BACKPROP_COMPLETE set to the shell's name, and with the words up
to the cursor; the last one is to be completed. Bash tells the line instead, and the part of the
word that it would replace.
"""

from __future__ import annotations

import sys

from backpropcli.cli.line.reader import single
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
