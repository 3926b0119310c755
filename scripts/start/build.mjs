import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./step.mjs";

const SOURCES = [
  "app",
  "components",
  "server",
  "docs/guide",
  "scripts/guide",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];
const STAMP = ".next/source-hash";
const NEXT = "node_modules/next/dist/bin/next";

function* filesUnder(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (!statSync(full).isDirectory()) {
    if (!/\.test\.tsx?$/.test(path)) yield path;
    return;
  }
  for (const name of readdirSync(full).sort()) yield* filesUnder(root, `${path}/${name}`);
}

/** A hash of the names and contents of the web app's source files, without tests. */
export function sourceHash(root) {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const path of filesUnder(root, source)) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/**
 * Builds the web app unless there is a build of the same sources. With `isBackground`, other programs have priority.
 */
export async function ensureBuild(root, { isBackground = false } = {}) {
  const hash = sourceHash(root);
  const stamp = join(root, STAMP);
  const isFresh = existsSync(join(root, ".next/BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
  if (isFresh) return;
  await step({
    title: "Building the web app (once, and after each change; about a minute)",
    command: [...(isBackground ? ["nice", "-n", "10"] : []), process.execPath, join(root, NEXT), "build"],
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  writeFileSync(stamp, hash);
}
