import { z } from "zod";
import type { Deps } from "../ctx";

/** The state of a receiver after the last attempt. Times are epoch ms. */
const State = z.object({
  sink: z.string(),
  /** The number of entries that are recorded and not delivered. */
  behind: z.int(),
  /** The time of the oldest entry that is not delivered. */
  oldestMs: z.int().nullable(),
  atMs: z.int(),
  error: z.string().nullable(),
});
export type StreamState = z.infer<typeof State>;

const name = (sink: string) => (sink === "webhook" ? "auditWebhook" : "auditSyslog");

/** Stores the state for the metrics of another process. */
export async function writeStreamState(
  deps: Pick<Deps, "reports">,
  { error, ...state }: Omit<StreamState, "error"> & { error: Error | null },
): Promise<void> {
  await deps.reports.write(name(state.sink), JSON.stringify({ ...state, error: error?.message ?? null }));
}

/** Returns the states of all receivers that were ever used. */
export async function streamStates(deps: Pick<Deps, "reports">): Promise<StreamState[]> {
  const texts = await Promise.all(["webhook", "syslog"].map((sink) => deps.reports.read(name(sink))));
  return texts.flatMap((text) => (text === null ? [] : [State.parse(JSON.parse(text))]));
}
