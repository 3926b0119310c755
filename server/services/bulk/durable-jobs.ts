import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "../ctx";
import { Job, UndoEntry } from "./job";
import { restoreJob } from "./jobs";

const JobPart = z.object({ job: Job });
const IdsPart = z.object({ ids: z.array(z.string()) });
const UndoPart = z.object({ entries: z.array(UndoEntry) });

/**
 * Restores bulk jobs that were lost with Redis. Restores the ids of unfinished jobs, and the undo entries of jobs that
 * were not undone. Returns how many jobs were restored.
 */
export async function restoreJobs(deps: Deps): Promise<number> {
  let restoredCount = 0;
  for (const { json } of await deps.store.documents(DOCUMENT_KIND.bulkJob, "job/")) {
    const { job } = JobPart.parse(JSON.parse(json));
    const partsOf = (what: string) => deps.store.documents(DOCUMENT_KIND.bulkJob, `${what}/${job.jobId}/`);
    const ids: string[] = [];
    if (job.endedAt === null) {
      for (const part of await partsOf("ids")) ids.push(...IdsPart.parse(JSON.parse(part.json)).ids);
    }
    const entries: UndoEntry[] = [];
    if (job.undoneBy === null) {
      for (const part of await partsOf("undo")) entries.push(...UndoPart.parse(JSON.parse(part.json)).entries);
    }
    if (await restoreJob(deps, { job, ids, entries })) restoredCount += 1;
  }
  return restoredCount;
}
