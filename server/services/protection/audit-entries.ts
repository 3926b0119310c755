import type { AuditEntry } from "~/server/domain/audit/entry";
import type { MessageHeaders } from "~/server/domain/message-headers";
import type { Deps } from "../ctx";
import { type Reveal, shownContent } from "./content";

/** `masked`: the paths of masked values, such as `after.payload: $.card.number` or `after.headers: $headers.x-auth`. */
export interface ShownEntry extends AuditEntry {
  masked: string[];
}

/** Masks the contents of schedules and executions in audit entries. */
export function shownEntries(
  deps: Pick<Deps, "protection" | "env">,
  entries: readonly AuditEntry[],
  how: Reveal,
): Promise<ShownEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const [before, after] = await Promise.all([
        shownSide(deps, entry.before, { topic: entry.topic, how }),
        shownSide(deps, entry.after, { topic: entry.topic, how }),
      ]);
      const masked = [
        ...before.masked.map((path) => `before.${fieldOf(path)}: ${path}`),
        ...after.masked.map((path) => `after.${fieldOf(path)}: ${path}`),
      ];
      return { ...entry, before: before.side, after: after.side, masked };
    }),
  );
}

const fieldOf = (path: string) => (path.startsWith("$headers.") ? "headers" : "payload");

async function shownSide(
  deps: Pick<Deps, "protection" | "env">,
  side: unknown,
  { topic, how }: { topic: string | null; how: Reveal },
): Promise<{ side: unknown; masked: string[] }> {
  if (typeof side !== "object" || side === null) return { side, masked: [] };
  const fields = side as { topic?: unknown; payload?: unknown; headers?: unknown };
  const hasPayload = typeof fields.payload === "string";
  const hasHeaders = typeof fields.headers === "object" && fields.headers !== null;
  if (!hasPayload && !hasHeaders) return { side, masked: [] };
  const ownTopic = typeof fields.topic === "string" ? fields.topic : topic;
  const payload = hasPayload ? (fields.payload as string) : "";
  const headers = hasHeaders ? (fields.headers as MessageHeaders) : {};
  const { masked, ...shown } = await shownContent(deps, { topic: ownTopic, payload, headers }, how);
  if (shown.payload === payload && shown.headers === headers) return { side, masked };
  return {
    side: {
      ...fields,
      ...(hasPayload ? { payload: shown.payload } : {}),
      ...(hasHeaders ? { headers: shown.headers } : {}),
    },
    masked,
  };
}
