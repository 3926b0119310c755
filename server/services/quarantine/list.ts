import { isDataFault, reasonOf, withoutSnippet } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import { MASK } from "~/server/domain/protection/mask-text";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { reveal } from "../protection/content";
import { openedBytes, UnreadableContent } from "../protection/seal";
import { iso } from "../schedules/view";
import { requireNoScope } from "../scope";
import type { GetQuarantinedInput, ListQuarantineInput } from "./inputs";
import { type Quarantined, readQuarantined } from "./item";

export interface QuarantinedView extends Omit<Quarantined, "at"> {
  at: string;
}

/**
 * An item with its bytes as base64, and as text if they are UTF-8. Single values in damaged bytes cannot be masked:
 * while any rule protects payloads, `text` is the mask, `base64` is empty and `isMasked` is set, until the item is
 * revealed. An item that cannot be decrypted is masked too.
 */
export interface QuarantinedDetail extends QuarantinedView {
  isMasked: boolean;
  /** Why the item cannot be decrypted; null if it can. */
  unreadable: string | null;
  text: string | null;
  base64: string;
  /** Bytes, encrypted if the item cannot be decrypted. */
  size: number;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the items without a decision, newest first, and their total. */
export async function listQuarantine(call: {
  ctx: Ctx;
  input: ListQuarantineInput;
}): Promise<{ items: QuarantinedView[]; total: number }> {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  const { items, total } = await call.ctx.deps.store.quarantined(call.input.limit);
  return { items: items.map((row) => viewOf(readRow(row))), total };
}

/**
 * Returns one item with its bytes. Throws `not_found` for an unknown or decided item, `forbidden` for `reveal` without
 * the right, and `conflict` if an item to reveal cannot be decrypted.
 */
export async function getQuarantined(call: { ctx: Ctx; input: GetQuarantinedInput }): Promise<QuarantinedDetail> {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  const row = await call.ctx.deps.store.quarantinedItem(call.input.id);
  if (row === null) throw new AppError("not_found", `The quarantine has no item ${call.input.id}.`);
  const { bytes: stored, ...item } = readQuarantined(row.json);
  const { isRevealed } = await reveal(call.ctx, call.input.reveal, {
    action: "quarantine.reveal",
    target: item.id,
    after: { kind: item.kind, key: item.key },
  });
  const { bytes, unreadable } = await openedBytes(call.ctx.deps, stored).then(
    (opened) => ({ bytes: opened, unreadable: null }),
    (error: unknown) => {
      if (!(error instanceof UnreadableContent) || isRevealed) throw error;
      return { bytes: stored, unreadable: error.message };
    },
  );
  const isMasked = unreadable !== null || (!isRevealed && call.ctx.deps.protection.of(null) !== null);
  return {
    ...viewOf(item),
    isMasked,
    unreadable,
    text: isMasked ? MASK : asText(bytes),
    base64: isMasked ? "" : bytes.toString("base64"),
    size: bytes.byteLength,
  };
}

/**
 * Reads a row. If a newer release wrote it in an unknown format, returns a placeholder with the reason.
 *
 * @param row.version when the row was written, epoch ms
 */
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
  return { id, at: iso(at), step, kind, shard, key, reason: withoutSnippet(reason) };
}

function asText(bytes: Buffer): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}
