import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { PauseAll } from "~/server/domain/pause-all";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "../ctx";

/** Key of the pause among the documents of the settings. No setting has this name. */
const KEY = "pauseAll";

const StoredPause = z.object({
  pausedAtMs: z.int(),
  pausedBy: z.string(),
  reason: z.string(),
  untilMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  endedBy: z.string().nullable(),
});

/** The document also has `stored: null`, so that an older release reads it as a setting without a value. */
const Document = z.object({ version: z.int(), pause: StoredPause.nullable() });

export interface StoredPauseAll {
  pause: PauseAll | null;
  /** Higher with each change; usually the time of the change, epoch ms. */
  version: number;
}

/** Encodes the last pause as a document of the settings. */
export function pauseDocument({ pause, version }: StoredPauseAll): CopiedDocument {
  const json = JSON.stringify({ id: KEY, version, deleted: false, stored: null, pause });
  return { key: KEY, version, deleted: false, index: null, json };
}

/**
 * Returns the last pause from Redis's copy of the settings. Returns null, for unknown, if Redis lost the copy or the
 * document cannot be read: an unreadable pause must never resume firing.
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
