import { z } from "zod";
import { AppError, fieldError } from "~/server/domain/errors";
import type { Mark } from "~/server/ports/shared-state/marks";
import type { DocumentRow } from "~/server/ports/store/documents";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import type { DecideQuarantinedInput } from "./inputs";
import { type Quarantined, readQuarantined } from "./item";

/** Longer than a decision takes. */
const DECIDING_MS = 60_000;

export interface Decided {
  id: string;
  decision: DecideQuarantinedInput["decision"];
}

/**
 * Drops an item, or gives it back to where it came from, as it was or as the caller edited it. Should it fail again, it
 * comes back as a new item. Throws `not_found` for one that is not there, or decided, and `conflict` where Redis has
 * another in its place.
 */
export async function decideQuarantined(call: { ctx: Ctx; input: DecideQuarantinedInput }): Promise<Decided> {
  const { ctx, input } = call;
  requireRight(ctx, "write");
  const { deps } = ctx;
  const row = await deps.store.quarantinedItem(input.id);
  if (row === null) throw new AppError("not_found", `The quarantine has no item ${input.id}.`);
  const item = readQuarantined(row.json);
  const edited = editedBytes(input);
  const bytes = edited ?? item.bytes;
  const message = input.decision === "retry" && item.kind === "message" ? messageOf(bytes, input) : null;
  // Whoever decides at the same moment must not give it back as well. A process that dies here leaves it to the end of
  // the mark.
  const deciding: Mark = { kind: "quarantineDeciding", id: input.id };
  if (!(await deps.marks.set(deciding, DECIDING_MS))) {
    throw new AppError("conflict", "Somebody decides about this item at this moment. Look at it again in a minute.");
  }
  try {
    return await decide(call, { row, item, bytes, edited: edited !== null, message });
  } finally {
    await deps.marks.clear(deciding).catch(() => undefined);
  }
}

async function decide(
  { ctx, input }: { ctx: Ctx; input: DecideQuarantinedInput },
  given: { row: DocumentRow; item: Quarantined; bytes: Buffer; edited: boolean; message: Message | null },
): Promise<Decided> {
  const { deps } = ctx;
  const { row, item, bytes, edited, message } = given;
  // Since it was read, somebody may have decided.
  const current = await deps.store.quarantinedItem(input.id);
  if (current === null) throw new AppError("not_found", `The quarantine has no item ${input.id}.`);
  await deps.marks.clear({ kind: "quarantineNoted", id: input.id });
  if (message) await republish(deps, message);
  else if (input.decision === "retry") await giveBack(deps, item, bytes);
  // A version above the one that was decided about; written at once, so that the list shows it.
  const version = Math.max(deps.clock.now(), row.version + 1);
  const decided = { key: row.key, json: row.json, version, deleted: true };
  await deps.store.insertDocuments({ token: `quarantine:${row.key}:${version}`, kind: "q", rows: [decided] });
  const after = { step: item.step, kind: item.kind, key: item.key, edited };
  await recordAudit(ctx, { action: `quarantine.${input.decision}`, target: input.id, after });
  return { id: input.id, decision: input.decision };
}

function editedBytes({ text, base64 }: DecideQuarantinedInput): Buffer | null {
  if (text !== undefined) return Buffer.from(text, "utf8");
  return base64 === undefined ? null : Buffer.from(base64, "base64");
}

async function giveBack(deps: Deps, item: Quarantined, bytes: Buffer): Promise<void> {
  switch (item.kind) {
    case "record":
    case "instance": {
      const given = await deps.hot.giveBack({ shard: item.shard ?? 0, kind: item.kind, packedKey: item.key, bytes });
      if (given) return;
      throw new AppError("conflict", "Redis has another one in its place. Discard this one, or look at the schedule.");
    }
    case "execution":
      return deps.hot.appendBytes("x", { shard: 0, bytes });
    case "schedule":
      return deps.hot.appendBytes("s", { shard: 0, bytes });
    case "outbox":
    case "document":
      // The kind of the outbox stands in front of its key.
      return deps.hot.appendBytes(outboxKind(item.key), { shard: item.shard ?? 0, bytes });
  }
}

/** An execution without its record is, joined with it, a whole one. */
function outboxKind(key: string): string {
  const kind = key.split("|", 1)[0] ?? "";
  return kind === "y" || kind === "r" ? "x" : kind;
}

/** A message of the delayed topic: `{headers, key, value}` with the value in base64. `Buffer` is how JSON has bytes. */
const Bytes = z.union([z.string(), z.instanceof(Buffer)]);
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

/**
 * @throws AppError `validation_failed` that says why the bytes are no message, by the field that they were edited in
 */
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
  const message = `is no message: ${issue?.path.join(".") || "(body)"}: ${issue?.message}`;
  throw fieldError("validation_failed", { field, message, expected });
}

/** The message goes onto the delayed topic again. */
async function republish(deps: Deps, { key, headers, value }: Message): Promise<void> {
  if (deps.bus === null) {
    throw new AppError("bus_unavailable", "This process has no bus. Send the message to the delayed topic yourself.");
  }
  const topic = `${deps.facts.topicPrefix}.delayed`;
  const [result] = await deps.bus.publish([{ topic, key, headers, value: Buffer.from(value, "base64") }]);
  if (result && !result.ok)
    throw new AppError("bus_unavailable", `The delayed topic did not take it: ${result.message}`);
}

/** JSON has bytes as `{"type":"Buffer","data":[…]}`. */
function asBuffer(_: string, value: { type?: unknown; data?: unknown } | null): unknown {
  return value?.type === "Buffer" && Array.isArray(value.data) ? Buffer.from(value.data) : value;
}
