import { BaseSequencer } from "vitest/node";

/**
 * Files that take a minute or more, longest first. If such a file started last, the other test workers would be idle.
 */
const LONGEST = [
  "scripts/faults/short-run.test.ts",
  "worker/redis-cluster.test.ts",
  "worker/readiness.test.ts",
  "server/adapters/kafka/kafka-bus.test.ts",
  "server/adapters/kafka/security.test.ts",
  "worker/crash.test.ts",
  "server/adapters/kafka/partial.test.ts",
  "scripts/fuzz/short-run.test.ts",
  "server/services/zones/zones.test.ts",
];

/** @param {import("vitest/node").TestSpecification} file */
const rank = ({ moduleId }) => {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place < 0 ? LONGEST.length : place;
};

/** Starts the files of LONGEST first. */
export class LongestFirst extends BaseSequencer {
  /** @param {import("vitest/node").TestSpecification[]} files */
  async sort(files) {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
