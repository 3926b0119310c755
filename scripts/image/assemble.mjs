import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import nextConfig from "../../next.config.js";

/*
 * `node scripts/image/assemble.mjs OUT` collects the files of the Docker image from a build with
 * NEXT_OUTPUT=standalone. server.js is the web app, worker.mjs the bundled worker.
 */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const out = resolve(process.argv[2] ?? "image");
const standalone = join(ROOT, ".next/standalone");

if (!existsSync(join(standalone, "server.js"))) {
  process.stderr.write("There is no standalone build. Build first: NEXT_OUTPUT=standalone npx next build\n");
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// The other files of the folder are sources.
for (const path of ["server.js", "package.json", "node_modules", ".next"]) {
  cpSync(join(standalone, path), join(out, path), { recursive: true, verbatimSymlinks: true });
}
cpSync(join(ROOT, ".next/static"), join(out, ".next/static"), { recursive: true });
// The stores' scripts are read at run time.
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
  // For stack traces.
  keepNames: true,
  // The packages that Next.js does not bundle either, some of them because of native parts.
  external: nextConfig.serverExternalPackages,
  // CommonJS packages call `require` for Node's built-in modules.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module";\nconst require = requireOf(import.meta.url);',
  },
  plugins: [
    {
      // Two modules read Lua and SQL files relative to their own path, which the bundle changes.
      name: "keep-module-paths",
      setup({ onLoad }) {
        onLoad({ filter: /server\/adapters\/(redis\/script\/script|clickhouse\/migrate)\.ts$/ }, async ({ path }) => {
          const { readFile } = await import("node:fs/promises");
          const folder = path.slice(ROOT.length).replace(/[^/]+$/, "");
          const text = await readFile(path, "utf8");
          const moduleFolder = "dirname(fileURLToPath(import.meta.url))";
          if (!text.includes(moduleFolder))
            throw new Error(`${path} does not contain ${moduleFolder}: restore it, or adapt keep-module-paths`);
          return {
            contents: text.replace(moduleFolder, `join(${moduleFolder}, ${JSON.stringify(folder)})`),
            loader: "ts",
          };
        });
      },
    },
  ],
});
