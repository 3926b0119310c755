import { NAME } from "../command.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The hidden command that prints the candidates, one per line with a tab before its description. */
export const COMPLETE = "__complete";

const BASH = `# ${NAME} completion for bash. In ~/.bashrc: source <(${NAME} completion bash)
_stufio_schedules() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(${NAME} ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _stufio_schedules ${NAME}
`;

const ZSH = `#compdef ${NAME}
# ${NAME} completion for zsh. In ~/.zshrc, after compinit: source <(${NAME} completion zsh)
_${NAME}() {
  local line
  local -a candidates
  while IFS= read -r line; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(${NAME} ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe '${NAME}' candidates
  else
    _files
  fi
}
# As a file of $fpath, this is the function itself.
if [[ \${funcstack[1]} == _${NAME} ]]; then
  _${NAME} "$@"
else
  compdef _${NAME} ${NAME}
fi
`;

const FISH = `# ${NAME} completion for fish. Once: ${NAME} completion fish > ~/.config/fish/completions/${NAME}.fish
function __stufio_schedules_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -g __stufio_schedules_found (${NAME} ${COMPLETE} -- $words[2..-1] "$current" 2>/dev/null)
    test (count $__stufio_schedules_found) -gt 0
end
# Without candidates, fish completes file names.
complete -c ${NAME} -n __stufio_schedules_ask -f -a '$__stufio_schedules_found'
`;

export const scriptFor = (shell: Shell): string => ({ bash: BASH, zsh: ZSH, fish: FISH })[shell];
