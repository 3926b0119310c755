import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/test/longest-first.mjs";

export default defineConfig({
  resolve: {
    alias: {
      "~": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
      "@stufio/schedules-client": fileURLToPath(new URL("clients/typescript/src/index.ts", import.meta.url)),
    },
  },
  test: {
    setupFiles: ["server/testing/zones.ts", "server/testing/validate-answers.ts"],
    include: [
      "docs/**/*.test.ts",
      "app/**/*.test.ts",
      "bench/parts/**/*.test.ts",
      "clients/cli/src/**/*.test.ts",
      "clients/typescript/test/**/*.test.ts",
      "server/**/*.test.ts",
      "worker/**/*.test.ts",
      "components/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Twice the cores of a small machine: most of these tests wait for a process or a clock.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
  },
});
