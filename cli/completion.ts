/** The table of commands → a script that completes them in a shell. Static: no process is started at a TAB. */

/** Shells that there are scripts for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/** An option of a command. */
export interface OptionFacts {
  readonly long: string;
  readonly description: string;
  /** Undefined: it takes no value. Empty: anything, completed as a path. */
  readonly values: readonly string[] | undefined;
}

/** A command. */
export interface CommandFacts {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionFacts[];
  /** What its arguments are. */
  readonly arguments: "none" | "pipelines" | "paths";
}

/** The script. */
export function completionScript(shell: Shell, commands: readonly CommandFacts[]): string {
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "zsh":
      return zshScript(commands);
    case "fish":
      return fishScript(commands);
  }
}

const longNames = ({ options }: CommandFacts): string => options.map(({ long }) => long).join(" ");

function bashScript(commands: readonly CommandFacts[]): string {
  const cases = commands.map((command) => {
    const values = command.options.flatMap(({ long, values: known }) => {
      if (known === undefined) return [];
      const reply = known.length === 0 ? "compgen -f" : `compgen -W '${known.join(" ")}'`;
      return [`        ${long}) COMPREPLY=($(${reply} -- "$word")); return ;;`];
    });
    const before = values.length === 0 ? [] : ['      case "$before" in', ...values, "      esac"];
    return [
      `    ${command.name})`,
      ...before,
      `      options='${longNames(command)}'`,
      `      files=${command.arguments}`,
      "      ;;",
    ].join("\n");
  });
  return `# blipc completion for bash: eval "$(blipc completion bash)"
_blipc() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" options='' files=none
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(" ")} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options --help" -- "$word")); return ;;
  esac
  case "$files" in
    pipelines) COMPREPLY=($(compgen -f -X '!*.blip' -- "$word") $(compgen -d -S / -- "$word")) ;;
    paths) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -o nosort -F _blipc blipc 2>/dev/null || complete -o filenames -F _blipc blipc
`;
}

function zshScript(commands: readonly CommandFacts[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''");
  const described = (text: string) => quoted(text).replaceAll(/[[\]:]/g, "\\$&");
  const list = commands.map(({ name, description }) => `    '${name}:${described(description)}'`);
  const files = {
    none: [],
    pipelines: ["'*:pipeline:_files -g \"*.blip\"'"],
    paths: ["'*:file:_files'"],
  } as const;
  const cases = commands.map((command) => {
    const options = command.options.map(({ long, description, values }) => {
      const value =
        values === undefined
          ? ""
          : values.length === 0
            ? ":value:_files"
            : `:value:(${values.join(" ")})`;
      return `'${long}[${described(description)}]${value}'`;
    });
    const all = [...options, ...files[command.arguments]].map((each) => ` \\\n        ${each}`);
    return `    ${command.name}) _arguments${all.join("")} ;;`;
  });
  return `#compdef blipc
# blipc completion for zsh: eval "$(blipc completion zsh)", after compinit
_blipc() {
  local -a commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _blipc blipc
`;
}

function fishScript(commands: readonly CommandFacts[]): string {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((command) => {
    const chosen = `-n '__fish_seen_subcommand_from ${command.name}'`;
    const head = `complete -c blipc -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`;
    const paths = {
      none: [],
      pipelines: [`complete -c blipc ${chosen} -k -a '(__fish_complete_suffix .blip)'`],
      paths: [`complete -c blipc ${chosen} -F`],
    } as const;
    const options = command.options.map(({ long, description, values }) => {
      const value =
        values === undefined
          ? ""
          : values.length === 0
            ? " -r -F"
            : ` -x -a ${quoted(values.join(" "))}`;
      return `complete -c blipc ${chosen} -l ${long.slice(2)}${value} -d ${quoted(description)}`;
    });
    return [head, ...paths[command.arguments], ...options];
  });
  return `# blipc completion for fish: blipc completion fish | source
complete -c blipc -f
${lines.join("\n")}
`;
}
