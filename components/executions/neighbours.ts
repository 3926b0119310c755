import { z } from "zod";

const KEY = "stufio:executions";
const Neighbours = z.object({ ids: z.array(z.string()).max(1000), back: z.string().startsWith("/executions") });

/** The list page that an execution was opened from: row ids in order, and its URL. */
export type Neighbours = z.infer<typeof Neighbours>;

/** Stores the list for the pages that are opened from it, in this tab only. */
export function rememberNeighbours(list: Neighbours): void {
  sessionStorage.setItem(KEY, JSON.stringify(list));
}

/** The list that this execution was opened from; null if it was opened by its URL. */
export function recallNeighbours(executionId: string): Neighbours | null {
  const kept = sessionStorage.getItem(KEY);
  if (kept === null) return null;
  const { data } = Neighbours.safeParse(JSON.parse(kept));
  return data?.ids.includes(executionId) ? data : null;
}
