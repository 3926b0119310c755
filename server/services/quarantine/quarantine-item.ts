import { reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "../ctx";
import { type NewQuarantined, quarantineDocument } from "./item";

/** The same item is stored at most once in this time, ms. A loop may find the item in every cycle. */
const STORE_INTERVAL_MS = 86_400_000;

/** Quarantines an item, the same item at most once in `STORE_INTERVAL_MS`. */
export async function quarantineItem(
  deps: Deps,
  found: Omit<NewQuarantined, "reason"> & { error: unknown },
): Promise<void> {
  const { error, ...rest } = found;
  const reason = reasonOf(error);
  const { id, json } = quarantineDocument({ ...rest, reason }, deps.clock.now());
  const noted = { kind: "quarantineNoted", id } as const;
  if (await deps.marks.isSet(noted)) return;
  // The item is stored before the mark is set. A failure between the two, or two workers at once, may store it twice,
  // under the same id, but never leave it out.
  await deps.hot.append(DOCUMENT_KIND.quarantineItem, json);
  deps.log.error({ id, step: found.step, kind: found.kind, key: found.key, reason }, "quarantined");
  await deps.marks.set(noted, STORE_INTERVAL_MS);
}
