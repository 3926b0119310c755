import { z } from "zod";
import { DOCUMENT_KIND, LEDGER_ROW_KIND, SCHEDULE_ROW_KIND } from "~/server/domain/document-kinds";
import { AppError, fieldError } from "~/server/domain/errors";
import { MASK } from "~/server/domain/protection/mask-text";
import type { Mark } from "~/server/ports/shared-state/marks";
import type { DocumentRow } from "~/server/ports/store/documents";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { openedBytes } from "../protection/seal";
import { requireNoScope } from "../scope";
import type { DecideQuarantinedInput } from "./inputs";
import { type Quarantined, readQuarantined } from "./item";

/** How long the mark of a decision in progress is kept, ms. Longer than a decision takes. */
const DECIDING_MS = 60_000;

export interface Decided {
  id: string;
  decision: DecideQuarantinedInput["decision"];
}

/**
 * Discards an item, or returns it, unchanged or edited, to the step that quarantined it. Throws `not_found` for an
 * unknown or decided item, `validation_failed` for a masked text or bytes that are not a message, `bus_unavailable`,
 * and `conflict` if an item to return unchanged cannot be decrypted, Redis has another value under its key, or somebody
 * else is deciding.
 * The bytes of other kinds than messages are not checked: if they are still damaged, the step quarantines the item
 * again.
 */
export async function decideQuarantined(call: { ctx: Ctx; input: DecideQuarantinedInput }): Promise<Decided> {
  const { ctx, input } = call;
  requireRight(ctx, "dead_letters:decide");
  requireNoScope(ctx);
  const { deps } = ctx;
  const row = await deps.store.quarantinedItem(input.id);
  if (row === null) throw new AppError("not_found", `The quarantine has no item ${input.id}.`);
  const item = readQuarantined(row.json);
  const edited = editedBytes(input);
  // A discarded item is not decrypted, because its key may be lost.
  const bytes = edited ?? (input.decision === "retry" ? await openedBytes(deps, item.bytes) : item.bytes);
  const message = input.decision === "retry" && item.kind === "message" ? messageOf(bytes, input) : null;
  // The mark prevents two decisions from returning the item twice. If this process dies, the mark expires.
  const deciding: Mark = { kind: "quarantineDeciding", id: input.id };
  if (!(await deps.marks.set(deciding, DECIDING_MS))) {
    throw new AppError("conflict", "Somebody else is deciding about this item. Check it again in a minute.");
  }
  try {
    return await decide(call, { row, item, bytes, edited: edited !== null, message });
  } finally {
    await deps.marks.clear(deciding).catch(() => undefined);
  }
}

async function decide(
  { ctx, input }: { ctx: Ctx; input: DecideQuarantinedInput },
  prepared: { row: DocumentRow; item: Quarantined; bytes: Buffer; edited: boolean; message: Message | null },
): Promise<Decided> {
  const { deps } = ctx;
  const { row, item, bytes, edited, message } = prepared;
  // Read the item again under the mark, because somebody may have decided since the first read.
  const current = await deps.store.quarantinedItem(input.id);
  if (current === null) throw new AppError("not_found", `The quarantine has no item ${input.id}.`);
  // While this mark exists, the item is not quarantined again, but an item that is still damaged must be.
  await deps.marks.clear({ kind: "quarantineNoted", id: input.id });
  if (message) await republish(deps, message);
  else if (input.decision === "retry") await giveBack(deps, item, bytes);
  // Write to ClickHouse, not to the outbox, so that the list shows the decision at once.
  const version = Math.max(deps.clock.now(), row.version + 1);
  const decided = { key: row.key, json: row.json, version, deleted: true };
  await deps.store.insertDocuments({
    token: `quarantine:${row.key}:${version}`,
    kind: DOCUMENT_KIND.quarantineItem,
    rows: [decided],
  });
  const after = { step: item.step, kind: item.kind, key: item.key, edited };
  await writeAudit(ctx, { action: `quarantine.${input.decision}`, target: input.id, after });
  return { id: input.id, decision: input.decision };
}

function editedBytes({ text, base64 }: DecideQuarantinedInput): Buffer | null {
  if (text === MASK) {
    throw fieldError("validation_failed", {
      field: "text",
      message: `is ${MASK}, the mask of the item, which would replace the item`,
      expected: "the whole item, or no text to return it unchanged",
    });
  }
  if (text !== undefined) return Buffer.from(text, "utf8");
  return base64 === undefined ? null : Buffer.from(base64, "base64");
}

async function giveBack(deps: Deps, item: Quarantined, bytes: Buffer): Promise<void> {
  switch (item.kind) {
    case "record":
    case "instance": {
      const isReturned = await deps.hot.giveBack({
        shard: item.shard ?? 0,
        kind: item.kind,
        packedKey: item.key,
        bytes,
      });
      if (isReturned) return;
      throw new AppError(
        "conflict",
        "Redis has a newer value under the item's key. Discard this item, or check the schedule.",
      );
    }
    case "execution":
      return deps.hot.appendBytes(LEDGER_ROW_KIND, { shard: 0, bytes });
    case "schedule":
      return deps.hot.appendBytes(SCHEDULE_ROW_KIND, { shard: 0, bytes });
    case "outbox":
    case "document":
      // The item's key starts with the outbox kind.
      return deps.hot.appendBytes(outboxKind(item.key), { shard: item.shard ?? 0, bytes });
  }
}

/** An execution in the outbox fields `y` and `r` is quarantined as one ledger row. */
function outboxKind(key: string): string {
  const kind = key.split("|", 1)[0] ?? "";
  return kind === "y" || kind === "r" ? LEDGER_ROW_KIND : kind;
}

/** Text, or bytes that `asBuffer` has decoded. */
const Bytes = z.union([z.string(), z.instanceof(Buffer)]);
/** A message of the delayed topic, with the value in base64. */
const Message = z.object({
  key: Bytes.nullable(),
  headers: z.union([
    z.record(z.string(), z.string()),
    z.array(
      z.union([z.tuple([z.string(), z.string().nullable()]), z.tuple([z.string(), z.base64(), z.literal("base64")])]),
    ),
  ]),
  value: z.base64(),
});
type Message = z.infer<typeof Message>;

/** Throws `validation_failed`, for the field `text` or `base64`, if the bytes are not a message. */
function messageOf(bytes: Buffer, { base64 }: DecideQuarantinedInput): Message {
  const field = base64 === undefined ? "text" : "base64";
  const expected = '{"key": …, "headers": {…}, "value": "…"} with the value in base64';
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"), asBuffer);
  } catch (error) {
    throw fieldError("validation_failed", { field, message: `is not JSON: ${(error as Error).message}`, expected });
  }
  const { data, error } = Message.safeParse(json);
  if (data) return data;
  const issue = error.issues[0];
  const message = `is not a message: ${issue?.path.join(".") || "(body)"}: ${issue?.message}`;
  throw fieldError("validation_failed", { field, message, expected });
}

async function republish(deps: Deps, { key, headers, value }: Message): Promise<void> {
  if (deps.bus === null) {
    throw new AppError(
      "bus_unavailable",
      "This process has no bus. Publish the message to the delayed topic yourself.",
    );
  }
  const topic = `${deps.env.topicPrefix}.delayed`;
  const [result] = await deps.bus.publish([{ topic, key, headers, value: Buffer.from(value, "base64") }]);
  if (result && !result.ok)
    throw new AppError("bus_unavailable", `Could not publish to the delayed topic: ${result.message}`);
}

/** JSON reviver for Node's `{"type":"Buffer","data":[…]}`. */
function asBuffer(_: string, value: { type?: unknown; data?: unknown } | null): unknown {
  return value?.type === "Buffer" && Array.isArray(value.data) ? Buffer.from(value.data) : value;
}
