import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sourceHash } from "./build.mjs";
import { isInstalled } from "./deps.mjs";
import { localUrl, readEnvironment, requireValidEnvironment, stackLocation } from "./environment.mjs";
import { freePort, requireFreePort } from "./network.mjs";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "preparation-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, unknown>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
}

describe("the packages", () => {
  const wanted = { packages: { "": {}, a: { version: "1.0.0" }, b: { version: "2.0.0", optional: true } } };
  it.each([
    ["are installed if each has the required version", { packages: { a: { version: "1.0.0" } } }, true],
    ["are not installed if one has another version", { packages: { a: { version: "1.0.1" } } }, false],
    ["are not installed if one is missing", { packages: {} }, false],
  ])("%s", (_, present, expected) => {
    write({ "package-lock.json": wanted, "node_modules/.package-lock.json": present });
    expect(isInstalled(root)).toBe(expected);
  });

  it("are not installed without node_modules", () => {
    write({ "package-lock.json": wanted });
    expect(isInstalled(root)).toBe(false);
  });
});

describe("the build", () => {
  it("is rebuilt after a changed, renamed or new source file, but not after a changed test", () => {
    write({ "app/[id]/page.tsx": "1", "server/x.json/route.ts": "1" });
    const hashes = [sourceHash(root)];
    const hashWith = (files: Record<string, string>) => {
      write(files);
      return sourceHash(root);
    };
    expect(hashWith({ "app/page.test.ts": "1", "docs/x.md": "1" })).toBe(hashes[0]);
    hashes.push(
      hashWith({ "app/[id]/page.tsx": "2" }),
      hashWith({ "server/x.json/route.ts": "2" }),
      hashWith({ "proxy.ts": "1" }),
    );
    renameSync(join(root, "app/[id]"), join(root, "app/[key]"));
    hashes.push(sourceHash(root));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe("the environment of the start", () => {
  it("uses .env for variables that the process lacks, and an empty variable of the process hides the file's", () => {
    write({ ".env": "PORT=4000\nHOST=0.0.0.0\n# no\nADMIN_EMAIL=a@b.example\n" });
    vi.stubEnv("PORT", "5000");
    vi.stubEnv("HOST", "");
    vi.stubEnv("ADMIN_EMAIL", undefined);
    const environment: Record<string, string | undefined> = readEnvironment(root);
    expect([environment.PORT, environment.HOST, environment.ADMIN_EMAIL]).toEqual(["5000", undefined, "a@b.example"]);
  });

  it.each([
    ["127.0.0.1", "http://127.0.0.1:3000"],
    ["0.0.0.0", "http://127.0.0.1:3000"],
    ["::1", "http://[::1]:3000"],
  ])("turns a server on %s into the local URL %s", (host, url) => {
    expect(localUrl({ host, port: 3000 })).toBe(url);
  });

  it.each(["http", "-1", "70000", "30.5"])("refuses PORT=%s", async (port) => {
    await expect(stackLocation({ root, environment: { PORT: port } })).rejects.toThrow("PORT must be a whole number");
  });

  it("takes a free port for PORT=0", async () => {
    expect((await stackLocation({ root, environment: { PORT: "0" } })).port).toBeGreaterThan(0);
  });

  it.each([
    ["that is missing", "nope", "does not exist"],
    ["without zones", "", "has no version"],
  ])("refuses a TZDATA_DIR %s in one line", async (_, path, cause) => {
    await expect(requireValidEnvironment({ TZDATA_DIR: join(root, path) })).rejects.toThrow(
      new RegExp(`^TZDATA_DIR [^\n]+${cause}[^\n]+ Set it to a folder of compiled zones[^\n]*$`),
    );
  });

  it("refuses a port that is in use and says how to choose another", async () => {
    const port = await freePort();
    await requireFreePort({ host: "127.0.0.1", port });
    const server = createServer().listen(port, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    await expect(requireFreePort({ host: "127.0.0.1", port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use by another program. Choose another: PORT=${port + 1} npm start`,
    );
    await new Promise((done) => server.close(done));
  });
});
