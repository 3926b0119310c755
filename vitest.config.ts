import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/test/longest-first.mjs";

/** The folders of tests without a service, a process, a mock or a change of the environment. */
const PURE = ["app", "bench/parts", "clients/typescript/test", "components", "server/domain"];

export default defineConfig({
  resolve: {
    alias: {
      "~": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
      "@stufio/schedules-client": fileURLToPath(new URL("clients/typescript/src/index.ts", import.meta.url)),
    },
  },
  test: {
    globalSetup: "server/testing/test-database.ts",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Twice the cores of a small machine: most of these tests wait for a process or a clock.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: PURE.map((folder) => `${folder}/**/*.test.ts`),
          setupFiles: ["server/testing/zones.ts"],
          // These tests change nothing outside themselves, so the modules of one process serve many of their files.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "parts",
          include: ["docs", "clients/cli/src", "server", "worker", "scripts"].map((folder) => `${folder}/**/*.test.ts`),
          exclude: PURE.map((folder) => `${folder}/**`),
          setupFiles: ["server/testing/zones.ts", "server/testing/validate-answers.ts"],
        },
      },
    ],
  },
});
