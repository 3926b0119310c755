import { BaseSequencer } from "vitest/node";

/**
 * Files of a minute and more, longest first: one that starts last would run alone while the other workers have nothing
 * to do.
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

/** Starts the longest files first; the rest in the order of Vitest. */
export class LongestFirst extends BaseSequencer {
  /** @param {import("vitest/node").TestSpecification[]} files */
  async sort(files) {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
