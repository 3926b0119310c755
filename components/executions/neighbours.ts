import { z } from "zod";

const KEY = "stufio:executions";
const Neighbours = z.object({ ids: z.array(z.string()).max(1000), back: z.string().startsWith("/executions") });

/** The page of the list that one came from: its rows in order, and its address. */
export type Neighbours = z.infer<typeof Neighbours>;

/** Keeps the list for the pages that are opened from it, in this tab alone. */
export function rememberNeighbours(list: Neighbours): void {
  sessionStorage.setItem(KEY, JSON.stringify(list));
}

/** The list that this execution was opened from; null where it was opened by its address. */
export function recallNeighbours(executionId: string): Neighbours | null {
  const kept = sessionStorage.getItem(KEY);
  if (kept === null) return null;
  const { data } = Neighbours.safeParse(JSON.parse(kept));
  return data?.ids.includes(executionId) ? data : null;
}
