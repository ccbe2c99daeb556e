/** An override that aims at nothing -> where what it wants can be added. */
import type { Note } from "../../grammar/diagnostic.ts";
import { note } from "../../grammar/message.ts";
import type { Override } from "./file-scope.ts";

/** `file`: the one that lacks the name. `extend` is not advised to those who have just written one. */
export function overrideNote({ fromCommandLine }: Override, file: string): Note {
  return note(
    fromCommandLine
      ? "an override may only change what exists; to add a setting, edit the file or use `extend`"
      : `\`extend\` changes what exists and adds nothing; what is to be added stands in ${file}`,
  );
}
