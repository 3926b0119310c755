import { z } from "zod";
import type { Deps } from "../ctx";

/** The state of a receiver after the last attempt. Times are epoch ms. */
const State = z.object({
  /** The name of the receiver. */
  sink: z.string(),
  /** The number of entries that are recorded and not delivered. */
  behind: z.int(),
  /** The time of the oldest entry that is not delivered. */
  oldestMs: z.int().nullable(),
  atMs: z.int(),
  error: z.string().nullable(),
});
type Stored = z.infer<typeof State>;
export type StreamState = Omit<Stored, "sink"> & { receiver: string };

const name = (receiver: string) => (receiver === "webhook" ? "auditWebhook" : "auditSyslog");

/** Stores the state for the metrics of another process. */
export async function writeStreamState(
  deps: Pick<Deps, "reports">,
  { error, receiver, ...state }: Omit<StreamState, "error"> & { error: Error | null },
): Promise<void> {
  const stored: Stored = { ...state, sink: receiver, error: error?.message ?? null };
  await deps.reports.write(name(receiver), JSON.stringify(stored));
}

/** Returns the stored states, also of a receiver that is no longer configured. */
export async function streamStates(deps: Pick<Deps, "reports">): Promise<StreamState[]> {
  const texts = await Promise.all(["webhook", "syslog"].map((receiver) => deps.reports.read(name(receiver))));
  return texts.flatMap((text) => {
    if (text === null) return [];
    const { sink, ...state } = State.parse(JSON.parse(text));
    return [{ ...state, receiver: sink }];
  });
}
