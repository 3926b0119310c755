import { z } from "zod";
import type { SelfTestState } from "~/server/domain/self-test";
import type { Deps } from "../ctx";

const State = z.object({
  atMs: z.number(),
  intervalMs: z.number(),
  accepts: z.string().nullable(),
  fires: z.string().nullable(),
  records: z.string().nullable(),
  fireMs: z.number().nullable(),
  recordMs: z.number().nullable(),
});
/** How long a report is kept after the next self-test was due, ms. */
const TTL_MS = 60_000;

/** Returns the last report; null if the self-test is off or has not run lately. */
export async function readSelfTest(deps: Deps): Promise<SelfTestState | null> {
  const json = await deps.reports.read("selfTest");
  const parsed = json === null ? null : State.safeParse(JSON.parse(json));
  return parsed?.success ? parsed.data : null;
}

/** Stores a report, or for null, because the self-test is off, removes the stored report. */
export async function storeSelfTest(deps: Deps, state: SelfTestState | null): Promise<void> {
  if (state === null) await deps.reports.remove("selfTest");
  else await deps.reports.write("selfTest", JSON.stringify(state), TTL_MS + state.intervalMs);
}
