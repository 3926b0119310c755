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
  deps.log.error({ id, step: found.step, kind: found.kind, key: found.key, reason }, "quarantined");
  // The item is stored before the mark is set, so that a failure between the two stores it twice, under the same id,
  // instead of not at all.
  await deps.hot.append(DOCUMENT_KIND.quarantineItem, json);
  await deps.marks.set(noted, STORE_INTERVAL_MS);
}
