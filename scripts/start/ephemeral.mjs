import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The variables of other stores, which no test data may reach. */
const STORES = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS"];
/**
 * With a virtual clock, all schedules due within a week are in Redis, so that ClickHouse is asked once for each week.
 * The self-test is off, because it would be late after each move.
 */
const VIRTUAL_CLOCK = {
  VIRTUAL_CLOCK: "true",
  schedules_IMMEDIATE_HORIZON_SECONDS: "604800",
  schedules_TRANSFER_HORIZON_SECONDS: "604800",
  schedules_SELF_TEST_INTERVAL_SECONDS: "0",
};

let folder = null;

/** Adds the variables of `--ephemeral` and `--virtual-clock`. Throws if the environment contradicts them. */
export function modeEnvironment(environment, args) {
  const hasVirtualClock = args.includes("--virtual-clock");
  if (environment.VIRTUAL_CLOCK !== undefined) {
    throw new Error("VIRTUAL_CLOCK is set by npm start -- --ephemeral --virtual-clock only: remove it");
  }
  if (!args.includes("--ephemeral")) {
    if (hasVirtualClock)
      throw new Error("--virtual-clock requires --ephemeral, because data with virtual times must not be kept");
    return environment;
  }
  const others = [...STORES, "DATA_DIR"].filter((name) => environment[name] !== undefined);
  if (others.length > 0) {
    throw new Error(`--ephemeral uses its own stores only: remove ${others.join(", ")} from the environment and .env`);
  }
  folder = mkdtempSync(join(tmpdir(), "stufio-ephemeral-"));
  return { ...environment, DATA_DIR: folder, ...(hasVirtualClock ? VIRTUAL_CLOCK : {}) };
}

/** Removes the data. Does nothing without `--ephemeral`. */
export function removeEphemeral() {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
}
