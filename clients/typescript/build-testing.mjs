import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/*
 * Bundles the test kit with the parts of the product that decide when a schedule fires, and with the tz database. Its
 * types are those of src/testing/types.ts, which tsc compiles.
 */
const PRODUCT = fileURLToPath(new URL("../..", import.meta.url));

const product = {
  name: "product",
  setup({ onLoad, onResolve, resolve }) {
    // Not bundled, so that both entry points share the error classes and `instanceof` works.
    onResolve({ filter: /^\.\.\/errors\.js$/ }, ({ path }) => ({ path, external: true }));
    // Bundles only the used parts of the product: its modules have no side effects, except the one for zod's messages.
    onResolve({ filter: /^[.~]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === "resolved") return undefined;
      const found = await resolve(path.replace(/^~\//, PRODUCT), { ...options, pluginData: "resolved" });
      const isOfProduct = found.path.startsWith(`${PRODUCT}server/`);
      return isOfProduct ? { ...found, sideEffects: found.path.endsWith("/input-messages.ts") } : found;
    });
    // The settings of this copy of zod must not change those of the tested program.
    onLoad({ filter: /\/zod\/v4\/core\/(core|registries)\.js$/ }, async ({ path }) => {
      return { contents: (await readFile(path, "utf8")).replaceAll("__zod_", "__stufio_zod_") };
    });
  },
};

for (const format of ["esm", "cjs"]) {
  await build({
    entryPoints: [fileURLToPath(new URL("src/testing/index.ts", import.meta.url))],
    outfile: fileURLToPath(new URL(`dist/${format}/testing/index.js`, import.meta.url)),
    bundle: true,
    platform: "node",
    target: "node20",
    format,
    plugins: [product],
    logLevel: "warning",
  });
}
