import { fileURLToPath } from "node:url";
import { ensureBuild } from "../../scripts/start/build.mjs";
import { startProductStack } from "../parts/product-stack";

/**
 * Playwright's global setup: builds the product for all stacks, and starts the stack of the project `shared`.
 */
export default async function startStack(): Promise<() => Promise<void>> {
  // Listing the specs needs no stack.
  if (process.env.E2E_LIST_ONLY) return async () => {};
  await ensureBuild(fileURLToPath(new URL("../..", import.meta.url)));
  const stack = await startProductStack({
    port: process.env.E2E_PORT,
    // Optionally another Redis, such as a cluster.
    redisUrl: process.env.E2E_REDIS_URL,
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
  return stack.stop;
}
