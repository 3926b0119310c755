import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";

const BuildManifest = z.object({ rootMainFiles: z.array(z.string()) });
const PageManifest = z.record(z.string(), z.object({ entryJSFiles: z.record(z.string(), z.array(z.string())) }));
/** A file in which the build lists the scripts of a route. */
const MANIFEST = "page_client-reference-manifest.js";

/**
 * Gzip bytes of JavaScript of the first load, by route: the framework, and the files of the page, its layouts and its
 * loading state, without parts that are imported on demand.
 */
export function firstLoadBytes(build: string): Map<string, number> {
  const sizes = new Map<string, number>();
  const sizeOf = (file: string) => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(build, decodeURIComponent(file)))).length;
    sizes.set(file, known);
    return known;
  };
  const { rootMainFiles } = BuildManifest.parse(JSON.parse(readFileSync(join(build, "build-manifest.json"), "utf8")));
  const routes = new Map<string, number>();
  for (const name of readdirSync(join(build, "server/app"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(MANIFEST)) continue;
    const text = readFileSync(join(build, "server/app", name), "utf8");
    // `globalThis.__RSC_MANIFEST["/route"] = {…};`
    const [, route = "", json = ""] = /__RSC_MANIFEST\["([^"]+)"\]\s*=\s*([\s\S]*?);?\s*$/.exec(text) ?? [];
    const files = new Set(rootMainFiles);
    const entries = Object.values(PageManifest.parse({ [route]: JSON.parse(json) })[route]?.entryJSFiles ?? {});
    for (const file of entries.flat()) files.add(file);
    routes.set(
      route,
      [...files].reduce((sum, file) => sum + sizeOf(file), 0),
    );
  }
  return routes;
}
