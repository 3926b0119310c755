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
/** Forgotten so long after the next look should have been: workers that are gone have a reason of their own. */
const TTL_MS = 60_000;

/** What the self-test's last look found; null where it is off, or was never made. */
export async function readSelfTest(deps: Deps): Promise<SelfTestState | null> {
  const json = await deps.reports.read("selfTest");
  const parsed = json === null ? null : State.safeParse(JSON.parse(json));
  return parsed?.success ? parsed.data : null;
}

/** Null: it is off. */
export async function keepSelfTest(deps: Deps, state: SelfTestState | null): Promise<void> {
  if (state === null) await deps.reports.remove("selfTest");
  else await deps.reports.write("selfTest", JSON.stringify(state), TTL_MS + state.intervalMs);
}
