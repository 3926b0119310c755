import { z } from "zod";
import { compareStreamIds } from "../codec/stream-id";
import type { Redis } from "../connection/redis-types";
import { awaitReply } from "./connection";

const Groups = z.array(z.array(z.union([z.string(), z.number(), z.null()])));
const Pending = z.tuple([z.number(), z.string().nullable()]).rest(z.unknown());

/**
 * Removes entries that every group has acknowledged. Some remain, because Redis removes only whole nodes of entries.
 */
export async function trimAcknowledged(input: { connection: Redis; key: string; timeoutMs: number }): Promise<void> {
  const { connection, key, timeoutMs } = input;
  const command = (...args: [string, ...string[]]) =>
    awaitReply(connection, { reply: connection.call(...args), timeoutMs });
  /** For each group, the id of the oldest entry that the group may still need. */
  const floors: string[] = [];
  for (const flat of Groups.parse(await command("XINFO", "GROUPS", key))) {
    const field = (name: string) => String(flat[flat.indexOf(name) + 1]);
    const [pending, oldest] = Pending.parse(await command("XPENDING", key, field("name")));
    floors.push(pending > 0 && oldest !== null ? oldest : field("last-delivered-id"));
  }
  const floor = floors.sort(compareStreamIds)[0];
  if (floor !== undefined) await command("XTRIM", key, "MINID", "~", floor);
}
