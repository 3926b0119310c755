import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { GetQuarantinedInput, ListQuarantineInput } from "./inputs";
import { type Quarantined, readQuarantined } from "./item";

export interface QuarantinedView extends Omit<Quarantined, "at"> {
  at: string;
}

/** An item with its bytes as base64, and as text if they are UTF-8. */
export interface QuarantinedDetail extends QuarantinedView {
  text: string | null;
  base64: string;
  /** Bytes. */
  size: number;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the items without a decision, newest first, and their total. */
export async function listQuarantine(call: {
  ctx: Ctx;
  input: ListQuarantineInput;
}): Promise<{ items: QuarantinedView[]; total: number }> {
  requireRight(call.ctx, "executions:read");
  const { items, total } = await call.ctx.deps.store.quarantined(call.input.limit);
  return { items: items.map((row) => viewOf(readRow(row))), total };
}

/** Returns one item with its bytes. Throws `not_found` for an unknown or decided item. */
export async function getQuarantined(call: { ctx: Ctx; input: GetQuarantinedInput }): Promise<QuarantinedDetail> {
  requireRight(call.ctx, "executions:read");
  const row = await call.ctx.deps.store.quarantinedItem(call.input.id);
  if (row === null) throw new AppError("not_found", `The quarantine has no item ${call.input.id}.`);
  const { bytes, ...item } = readQuarantined(row.json);
  return { ...viewOf(item), text: asText(bytes), base64: bytes.toString("base64"), size: bytes.byteLength };
}

/** Shows an item that a newer release wrote in an unknown form. `version` is the time of its write, epoch ms. */
function readRow({ key, json, version }: { key: string; json: string; version: number }): Quarantined {
  try {
    return readQuarantined(json);
  } catch (error) {
    if (!isDataFault(error)) throw error;
    const reason = `Unknown format, written by a newer version: ${reasonOf(error)}`;
    return { id: key, at: version, step: "unknown", kind: "document", shard: null, key, reason };
  }
}

function viewOf({ id, at, step, kind, shard, key, reason }: Quarantined): QuarantinedView {
  return { id, at: iso(at), step, kind, shard, key, reason };
}

function asText(bytes: Buffer): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}
