import { z } from "zod";
import type { Deps } from "../ctx";
import { Job, UndoEntry } from "./job";
import { restoreJob } from "./jobs";

const JobPart = z.object({ job: Job });
const IdsPart = z.object({ ids: z.array(z.string()) });
const UndoPart = z.object({ entries: z.array(UndoEntry) });

/**
 * Gives a lost Redis its bulk jobs back: those under way with what they still have to do, the others with their way
 * back. Those that Redis knows stay as they are. Answers how many came back.
 */
export async function restoreJobs(deps: Deps): Promise<number> {
  let restored = 0;
  for (const { json } of await deps.store.bulkParts("job/")) {
    const { job } = JobPart.parse(JSON.parse(json));
    const partsOf = (what: string) => deps.store.bulkParts(`${what}/${job.jobId}/`);
    const ids: string[] = [];
    if (job.endedAt === null) {
      for (const part of await partsOf("ids")) ids.push(...IdsPart.parse(JSON.parse(part.json)).ids);
    }
    const entries: UndoEntry[] = [];
    if (job.undoneBy === null) {
      for (const part of await partsOf("undo")) entries.push(...UndoPart.parse(JSON.parse(part.json)).entries);
    }
    if (await restoreJob(deps, { job, ids, entries })) restored += 1;
  }
  return restored;
}
