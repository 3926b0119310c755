import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { PauseAll } from "~/server/domain/pause-all";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "../ctx";

/** The key among the documents of the settings. No setting has this name. */
const KEY = "pauseAll";

const StoredPause = z.object({
  pausedAtMs: z.int(),
  pausedBy: z.string(),
  reason: z.string(),
  untilMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  endedBy: z.string().nullable(),
});

const Document = z.object({ version: z.int(), pause: StoredPause.nullable() });

export interface StoredPauseAll {
  pause: PauseAll | null;
  /** Increases with each change. Usually the time of the change, epoch ms. */
  version: number;
}

export function pauseDocument({ pause, version }: StoredPauseAll): CopiedDocument {
  // With `stored: null`, an older release reads the document as a setting without a value.
  const json = JSON.stringify({ id: KEY, version, deleted: false, stored: null, pause });
  return { key: KEY, version, deleted: false, index: null, json };
}

/**
 * Returns the last pause from Redis. Null if Redis lost the settings or the document cannot be read. Null must not
 * resume firing.
 */
export async function readPauseAll(deps: Pick<Deps, "hot">): Promise<StoredPauseAll | null> {
  const { complete, json } = await deps.hot.copiedOne(DOCUMENT_KIND.setting, KEY);
  if (!complete) return null;
  if (json === null) return { pause: null, version: 0 };
  return Document.safeParse(parsed(json)).data ?? null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
