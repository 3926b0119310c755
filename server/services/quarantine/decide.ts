import type { BusMessage } from "~/server/adapters/bus/bus-types";
import { AppError } from "~/server/domain/errors";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import type { DecideQuarantinedInput } from "./inputs";
import { type Quarantined, readQuarantined } from "./item";
import { notedKey } from "./note";

export interface Decided {
  id: string;
  decision: DecideQuarantinedInput["decision"];
}

/**
 * Drops an item, or gives it back to where it came from, as it was or as the caller edited it. Should it fail again, it comes back as a new item.
 * Throws `not_found` for one that is not there, or decided, and `conflict` where Redis has another in its place.
 */
export async function decideQuarantined(call: { ctx: Ctx; input: DecideQuarantinedInput }): Promise<Decided> {
  const { ctx, input } = call;
  requireRight(ctx, "write");
  const { deps } = ctx;
  const row = await deps.store.quarantinedItem(input.id);
  if (row === null) throw new AppError("not_found", `The quarantine has no item ${input.id}.`);
  const item = readQuarantined(row.json);
  const edited = editedBytes(input);
  await deps.redis.del(notedKey(deps, input.id));
  if (input.decision === "retry") await giveBack(deps, item, edited ?? item.bytes);
  // A version above the one that was decided about; written at once, so that the list shows it.
  const version = Math.max(deps.clock.now(), row.version + 1);
  const decided = { key: row.key, json: row.json, version, deleted: true };
  await deps.store.insertDocuments({ token: `quarantine:${row.key}:${version}`, kind: "q", rows: [decided] });
  const after = { step: item.step, kind: item.kind, key: item.key, edited: edited !== null };
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
    case "message":
      return republish(deps, bytes);
  }
}

/** An execution without its record is, joined with it, a whole one. */
function outboxKind(key: string): string {
  const kind = key.split("|", 1)[0] ?? "";
  return kind === "y" || kind === "r" ? "x" : kind;
}

/** A message of the delayed topic goes onto that topic again: `{headers, key, value}` with the value in base64. */
async function republish(deps: Deps, bytes: Buffer): Promise<void> {
  if (deps.bus === null) {
    throw new AppError("bus_unavailable", "This process has no bus. Send the message to the delayed topic yourself.");
  }
  const { key, headers, value } = JSON.parse(bytes.toString("utf8"), asBuffer) as {
    key: BusMessage["key"];
    headers: BusMessage["headers"];
    value: string;
  };
  const topic = `${deps.facts.topicPrefix}.delayed`;
  const [result] = await deps.bus.publish([{ topic, key, headers, value: Buffer.from(value, "base64") }]);
  if (result && !result.ok)
    throw new AppError("bus_unavailable", `The delayed topic did not take it: ${result.message}`);
}

/** JSON has bytes as `{"type":"Buffer","data":[…]}`. */
function asBuffer(_: string, value: { type?: unknown; data?: unknown } | null): unknown {
  return value?.type === "Buffer" && Array.isArray(value.data) ? Buffer.from(value.data) : value;
}
