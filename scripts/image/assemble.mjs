import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import nextConfig from "../../next.config.js";

/*
 * `node scripts/image/assemble.mjs OUT`: what the image holds (Dockerfile), from a build that was made with
 * NEXT_OUTPUT=standalone: server.js is the web app, worker.mjs the worker in one file. Both use the packages that the
 * web app's build has found it needs.
 */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const out = resolve(process.argv[2] ?? "image");
const standalone = join(ROOT, ".next/standalone");

if (!existsSync(join(standalone, "server.js"))) {
  process.stderr.write("There is no standalone build. Make it first: NEXT_OUTPUT=standalone npx next build\n");
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// Source files that the tracing took along are compiled in already; the scripts of the stores are read at run time.
for (const path of ["server.js", "package.json", "node_modules", ".next"]) {
  cpSync(join(standalone, path), join(out, path), { recursive: true, verbatimSymlinks: true });
}
cpSync(join(ROOT, ".next/static"), join(out, ".next/static"), { recursive: true });
for (const folder of ["server/adapters/redis/lua", "server/adapters/clickhouse/migrations"]) {
  cpSync(join(ROOT, folder), join(out, folder), { recursive: true });
}

await build({
  entryPoints: [join(ROOT, "worker/main.ts")],
  outfile: join(out, "worker.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Stacks name our functions, without a map beside the bundle that is twice its size.
  keepNames: true,
  // Packages with native parts or a life of their own are where the web app has them too.
  external: nextConfig.serverExternalPackages,
  // Packages in CommonJS call `require` for Node's own modules.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module";\nconst require = requireOf(import.meta.url);',
  },
  plugins: [
    {
      // The Lua and SQL files lie beside their module; bundled, the module would look beside the bundle.
      name: "keep-module-paths",
      setup({ onLoad }) {
        onLoad({ filter: /server\/adapters\/(redis\/script\/script|clickhouse\/migrate)\.ts$/ }, async ({ path }) => {
          const { readFile } = await import("node:fs/promises");
          const folder = path.slice(ROOT.length).replace(/[^/]+$/, "");
          const text = await readFile(path, "utf8");
          const here = "dirname(fileURLToPath(import.meta.url))";
          if (!text.includes(here))
            throw new Error(`${path} does not say where its files are in the way that is known here`);
          return { contents: text.replace(here, `join(${here}, ${JSON.stringify(folder)})`), loader: "ts" };
        });
      },
    },
  ],
});
