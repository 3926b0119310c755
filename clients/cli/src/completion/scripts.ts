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
_stufio_schedules() {
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
compdef _stufio_schedules ${NAME}
`;

const FISH = `# ${NAME} completion for fish. Once: ${NAME} completion fish > ~/.config/fish/completions/${NAME}.fish
function __stufio_schedules_complete
    set -l words (commandline -opc)
    ${NAME} ${COMPLETE} -- $words[2..-1] (commandline -ct | string collect --allow-empty) 2>/dev/null
end
complete -c ${NAME} -a '(__stufio_schedules_complete)'
`;

export const scriptFor = (shell: Shell): string => ({ bash: BASH, zsh: ZSH, fish: FISH })[shell];
