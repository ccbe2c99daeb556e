/** Calls that leave out the queries -> a message about the port, or about queries that nothing reads. */
import { note } from "../../grammar/message.ts";
import { noGradient } from "../../grammar/messages/freezing.ts";
import type { CheckedModel } from "./model.ts";
import type { Parts } from "./parts/parts.ts";
import { modulesOfObjective } from "./reach.ts";

/** Reports each call at its port, but trainable queries that no call reads are reported once, at their block. */
export function checkWithoutQueries(model: CheckedModel, parts: Parts): void {
  const { context, withoutQueries } = parts;
  const read = new Set(
    [...model.objectives.values()].flatMap((objective) => modulesOfObjective(objective, model)),
  );
  for (const call of withoutQueries) {
    const queries = model.modules.get(call.queries);
    const isUnread = queries?.state.value === "trainable" && !read.has(call.queries);
    if (queries === undefined || !isUnread) {
      call.report();
      continue;
    }
    if (!context.sink.isFirst(`unread ${call.queries}`)) continue;
    const bridgeOf = (objective: string) =>
      withoutQueries.find((each) => each.objective === objective)?.bridge;
    const paths = [...model.stages.values()].map((stage) => {
      const path = stage.minimize.map(({ objective: name }) => {
        const objective = model.objectives.get(name);
        const modules =
          objective === undefined
            ? [bridgeOf(name) ?? "nothing"]
            : modulesOfObjective(objective, model).filter(
                (each) => model.modules.get(each)?.state.value === "trainable",
              );
        return `${name} -> ${modules.join(" and ")}`;
      });
      return `gradient paths of stage \`${stage.name}\`: ${path.join(", ")}`;
    });
    context.sink.report(
      noGradient,
      { name: call.queries },
      {
        primary: { span: queries.state.span, text: "would stay at its initial values" },
        labels: [
          {
            span: call.text,
            text: `did you mean \`${call.bridge}(${call.queries})\`?`,
            apart: true,
          },
        ],
        notes: paths.map(note),
      },
    );
  }
}
