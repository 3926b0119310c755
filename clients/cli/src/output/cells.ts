import type { Cell } from "./table.js";

/** The status of a schedule. */
export function statusCell(status: string): Cell {
  if (status === "active") return { text: status, colour: "green" };
  if (status === "paused") return { text: status, colour: "yellow" };
  return { text: status, colour: "dim" };
}

/** The outcome or the state of an execution. */
export function outcomeCell(outcome: string | null): Cell {
  if (outcome === null) return null;
  if (outcome === "succeeded") return { text: outcome, colour: "green" };
  if (outcome === "dead" || outcome === "expired") return { text: outcome, colour: "red" };
  if (outcome === "skipped" || outcome === "cancelled") return { text: outcome, colour: "dim" };
  return { text: outcome, colour: "yellow" };
}
