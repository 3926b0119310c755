import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/test/longest-first.mjs";

/**
 * The folders of the project `pure`. Their tests use no stores, start no processes and mock no modules, and they
 * restore every global that they stub.
 */
const PURE = ["app", "bench/parts", "clients/typescript/test", "components", "server/domain"];

export default defineConfig({
  resolve: {
    alias: {
      "~": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
      "@stufio/schedules-client": fileURLToPath(new URL("clients/typescript/src/index.ts", import.meta.url)),
    },
  },
  test: {
    // Vitest runs it for this configuration and for each project, one after the other.
    globalSetup: "server/testing/test-database.ts",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Twice the cores of a small machine, because most tests of `parts` wait for a process or a clock.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: PURE.map((folder) => `${folder}/**/*.test.ts`),
          setupFiles: ["server/testing/zones.ts"],
          // A file leaves nothing behind for the next one, so files share a process and the modules that it has loaded.
          isolate: false,
        },
      },
      {
        // All other tests. Most use stores or processes, or mock modules, so each file has its own process.
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
