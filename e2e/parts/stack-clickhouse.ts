import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OwnStack } from "./own-stack";

/** The address and the password of a running stack's ClickHouse, whose user is `default`. */
export function clickhouseOf(stack: OwnStack): { host: string; password: string } {
  const [, host] = /ClickHouse {2}http:\/\/([^,\s]+),/.exec(stack.output()) ?? [];
  if (host === undefined) throw new Error("the stack has not printed the address of ClickHouse");
  return { host, password: readFileSync(join(stack.dataDir, "clickhouse.password"), "utf8").trim() };
}
