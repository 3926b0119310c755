import { reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "../ctx";
import { type NewQuarantined, quarantineDocument } from "./item";

/** How long the same item is not stored again, so that a loop that finds it in every cycle is not slowed down. */
const NOT_AGAIN_MS = 86_400_000;

/** Quarantines an item through the outbox, at most once a day. */
export async function quarantineItem(
  deps: Deps,
  found: Omit<NewQuarantined, "reason"> & { error: unknown },
): Promise<void> {
  const { error, ...rest } = found;
  const reason = reasonOf(error);
  const { id, json } = quarantineDocument({ ...rest, reason }, deps.clock.now());
  if (!(await deps.marks.set({ kind: "quarantineNoted", id }, NOT_AGAIN_MS))) return;
  deps.log.error({ id, step: found.step, kind: found.kind, key: found.key, reason }, "quarantined");
  await deps.hot.append(DOCUMENT_KIND.quarantineItem, json);
}
