/** A param or a let whose value needs itself -> a message, once. */
import { valueCircle } from "../../grammar/messages/names.ts";
import type { Span } from "../../grammar/source.ts";
import type { LetDeclaration, ParamDeclaration } from "./file-scope.ts";
import type { Sink } from "./sink.ts";

/** `use` is where the name stands while its value is being made. */
export function reportValueCircle(
  { name, identifier }: LetDeclaration | ParamDeclaration,
  use: Span,
  sink: Sink,
): void {
  const isOwn = use.source === identifier.span.source && use.start === identifier.span.start;
  sink.report(
    valueCircle,
    { name },
    {
      primary: { span: use, text: isOwn ? "its value needs itself" : "is not known yet" },
      labels: isOwn ? [] : [{ span: identifier.span, text: "its value is being made here" }],
    },
  );
}
