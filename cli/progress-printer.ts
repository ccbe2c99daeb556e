/** Events of a run → one live line on a terminal, plain lines when piped, JSON lines for tools. */
import type { RunEvent, StepReport, Watch } from "../runtime/train/progress.ts";
import type { StageOutcome } from "../runtime/train/stage-request.ts";
import { counted } from "./counted.ts";
import type { Terminal } from "./terminal.ts";

/** Prints a run. */
export interface ProgressPrinter {
  readonly watch: Watch;
  /** The last words. */
  finish(outcome: StageOutcome, folder: string): void;
}

/** Plain lines that a whole run gives, about. */
const plainLines = 40;

/** Prints to a terminal; `json`: one object a line on standard output, each event. */
export function progressPrinter(terminal: Terminal, json: boolean): ProgressPrinter {
  if (json) {
    const write = (value: unknown) => terminal.out(JSON.stringify(value));
    return {
      watch: write,
      finish: (outcome) => write({ kind: "outcome", ...outcome }),
    };
  }
  const { green, yellow, bold } = terminal.colors;
  const { dim } = terminal.sideColors;
  let last: StepReport | undefined;
  const watch = (event: RunEvent): void => {
    switch (event.kind) {
      case "adapter":
        terminal.out(`adapter     ${event.name}. ${event.why}`);
        break;
      case "phase":
        terminal.live(dim(`${event.text} …`));
        break;
      case "note":
        terminal.out(`${yellow("note")}        ${event.text}`);
        break;
      case "resumed":
        terminal.out(`resumed     after step ${event.step}`);
        break;
      case "checkpoint":
        terminal.remark(dim(`checkpoint  step ${event.step}`));
        break;
      case "validated": {
        const values = { ...event.losses, ...event.metrics };
        const texts = Object.entries(values).map(([name, value]) => `${name} ${short(value)}`);
        terminal.out(
          `held data   ${texts.join("   ")}   (step ${event.step}, ${event.records} records)`,
        );
        break;
      }
      case "finished":
        break;
      case "step": {
        last = event;
        terminal.live(fitted(stepLine(event), terminal.columns));
        const every = Math.max(1, Math.round(event.total / plainLines));
        const isDue = event.step === 1 || event.step % every === 0 || event.step === event.total;
        if (!terminal.isLive && isDue) terminal.out(stepLine(event));
        break;
      }
    }
  };
  return {
    watch,
    finish: (outcome, folder) => {
      terminal.live("");
      if (last !== undefined && terminal.isLive) terminal.out(stepLine(last, true));
      const time = duration(outcome.seconds);
      const count = outcome.badImages.length;
      if (count > 0) {
        terminal.out(
          `${yellow("note")}        ${counted(count, "picture")} could not be used and ${count === 1 ? "was" : "were"} left out`,
        );
      }
      terminal.out(
        outcome.isStopped
          ? `${bold("stopped")}     at step ${outcome.step} after ${time}; go on with --resume (${folder})`
          : `${bold(green("done"))}        ${outcome.step} steps in ${time}, checkpoint in ${folder}`,
      );
    },
  };
}

/** `step  120/350  itc 0.891  itm 0.584  itg 1.440  412 samples/s  0:18 left`. */
export function stepLine(report: StepReport, isDone = false): string {
  const { step, total, losses, samplesPerSecond, secondsLeft } = report;
  const width = String(total).length;
  const values = Object.entries(losses).map(([name, value]) => `${name} ${short(value)}`);
  const { skipped_steps: count = 0 } = report.metrics;
  const skipped = count > 0 ? [`${count} skipped`] : [];
  const speed = samplesPerSecond > 0 ? [`${rate(samplesPerSecond)} samples/s`] : [];
  const left =
    isDone || samplesPerSecond === 0 || step === total ? [] : [`${duration(secondsLeft)} left`];
  return [
    `step ${String(step).padStart(width)}/${total}`,
    ...values,
    ...skipped,
    ...speed,
    ...left,
  ].join("   ");
}

function short(value: number): string {
  return Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(2)
    : value.toFixed(3);
}

function rate(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** `7 s`, `2:05`, `1:02:05`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)} h`;
}

function fitted(text: string, columns: number): string {
  return text.length < columns ? text : text.slice(0, Math.max(0, columns - 1));
}
