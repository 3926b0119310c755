import { reasonOf } from "~/server/domain/data-fault";
import type { Deps } from "../ctx";
import { type Found, quarantineDocument } from "./item";

/** So long the same item is not noted again: a loop that meets it in every cycle would do nothing else. */
const NOTED_MS = 86_400_000;

/** Puts an item into the quarantine, through the outbox; once a day if it is met again and again. */
export async function noteQuarantined(deps: Deps, found: Omit<Found, "reason"> & { error: unknown }): Promise<void> {
  const { error, ...rest } = found;
  const reason = reasonOf(error);
  const { id, json } = quarantineDocument({ ...rest, reason }, deps.clock.now());
  if (!(await deps.marks.set({ kind: "quarantineNoted", id }, NOTED_MS))) return;
  deps.log.error({ id, step: found.step, kind: found.kind, key: found.key, reason }, "put into the quarantine");
  await deps.hot.append("q", json);
}
