/** The words of a bulk job's name before and after the number of items. */
const WORDS: Readonly<Record<string, readonly [before: string, noun: string, after?: string]>> = {
  pause: ["Pause", "schedule"],
  resume: ["Resume", "schedule"],
  delete: ["Delete", "schedule"],
  execute: ["Run", "schedule", "now"],
  retag: ["Retag", "schedule"],
  spread: ["Spread", "schedule"],
  undo: ["Undo changes of", "schedule"],
  replay: ["Replay", "dead letter"],
  discard: ["Discard", "dead letter"],
};

/** The name of a bulk job, such as "Pause 200 schedules". */
export function bulkJobName({ action, total }: { action: string; total: number }): string {
  const [before, noun, after] = WORDS[action] ?? [`Bulk ${action} of`, "item"];
  const count = `${total.toLocaleString("en")} ${noun}${total === 1 ? "" : "s"}`;
  return [before, count, after].filter((word) => word !== undefined).join(" ");
}

const STARTS = /^(?:bulk|dead_letters)\.(\w+)$/;

/** The name of the bulk job of an older audit entry, which does not contain the name; null if the name is unknown. */
export function bulkJobNameOf({ verb, after }: { verb: string; after?: unknown }): string | null {
  const action = STARTS.exec(verb)?.[1];
  const total = typeof after === "object" && after !== null && "total" in after ? after.total : undefined;
  if (action === undefined || typeof total !== "number" || !(action in WORDS)) return null;
  return bulkJobName({ action, total });
}
