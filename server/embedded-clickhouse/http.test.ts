import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedClickHouse, startEmbedded } from "./start";

let dir: string;
let server: EmbeddedClickHouse;

const ask = (params: Record<string, string>, init?: RequestInit) =>
  fetch(`${server.url}/?${new URLSearchParams(params)}`, { method: "POST", ...init });
const textOf = async (params: Record<string, string>, init?: RequestInit) => (await ask(params, init)).text();
/** The number of running queries with this id, as a line of text. */
const runningCount = (queryId: string) =>
  textOf({ query: `SELECT count() FROM system.processes WHERE Settings['log_comment'] = '${queryId}'` });

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-ch-"));
  server = await startEmbedded({ path: join(dir, "data") });
}, 90_000);
afterAll(async () => {
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

test.each(["/ping", "/"])("%s answers like ClickHouse", async (path) => {
  const response = await fetch(server.url + path);
  expect([response.status, await response.text()]).toEqual([200, "Ok.\n"]);
});

test("an answer carries ClickHouse's headers", async () => {
  const { headers } = await ask({ query: "SELECT 1 FORMAT CSV", query_id: "mine", wait_end_of_query: "1" });
  expect(headers.get("x-clickhouse-query-id")).toBe("mine");
  expect(headers.get("x-clickhouse-format")).toBe("CSV");
  expect(headers.get("x-clickhouse-timezone")).toBeTruthy();
  expect(JSON.parse(headers.get("x-clickhouse-summary") ?? "")).toMatchObject({ result_rows: "1", result_bytes: "2" });
});

test.each<[string, Record<string, string>, RequestInit, string]>([
  ["the statement in the body", {}, { body: "SELECT 1" }, "1\n"],
  ["a statement that begins in the query and ends in the body", { query: "SELECT" }, { body: "1 + 1" }, "2\n"],
  ["a default format", { query: "SELECT 1 AS a", default_format: "JSONEachRow" }, {}, '{"a":1}\n'],
  ["a format in the statement", { query: "SELECT 1 FORMAT CSV", default_format: "JSONEachRow" }, {}, "1\n"],
  ["a database", { query: "SELECT currentDatabase()", database: "system" }, {}, "system\n"],
  [
    "no database, in a request that follows a request with a database",
    { query: "SELECT currentDatabase()" },
    {},
    "default\n",
  ],
  ["a setting", { query: "SELECT getSetting('max_threads')", max_threads: "1" }, {}, "1\n"],
  ["a gzipped statement", {}, { body: gzipSync("SELECT 'z'"), headers: { "content-encoding": "gzip" } }, "z\n"],
])("%s is understood", async (_, params, init, expected) => {
  expect(await textOf(params, init)).toBe(expected);
});

test.each<[string, Record<string, string>, RequestInit, number, string]>([
  ["an unknown table", { query: "SELECT * FROM nowhere" }, {}, 404, "60"],
  ["bad syntax", { query: "SELEC 1" }, {}, 400, "62"],
  ["an empty request", {}, {}, 400, "62"],
  ["an unknown database", { query: "SELECT 1", database: "nowhere" }, {}, 404, "81"],
  ["an unknown setting", { query: "SELECT 1", nonsense: "1" }, {}, 404, "115"],
  ["a setting with an invalid name", { query: "SELECT 1", "x = 1; DROP": "1" }, {}, 400, "36"],
  ["an unknown format", { query: "SELECT 1 FORMAT Nonsense" }, {}, 404, "73"],
  ["a GET that writes", { query: "CREATE TABLE no (a UInt8) ENGINE = Memory" }, { method: "GET" }, 500, "164"],
  ["a query that fails", { query: "SELECT throwIf(1)" }, {}, 500, "395"],
  ["an unknown encoding", { query: "SELECT 1" }, { body: "x", headers: { "content-encoding": "zip" } }, 501, "48"],
])("%s gets ClickHouse's status and code", async (_, params, init, status, code) => {
  const response = await ask(params, init);
  const text = await response.text();
  expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([status, code]);
  expect(text).toMatch(
    new RegExp(`^Code: ${code}\\. DB::Exception: .*\\([A-Z_]+\\) \\(version 26\\.[\\d.]+\\)\\n$`, "s"),
  );
});

test("a disconnect stops the query", async () => {
  const abort = new AbortController();
  const query = "SELECT count() FROM numbers(1e12) WHERE sipHash64(number) = 1";
  const asked = ask({ query, query_id: "left" }, { signal: abort.signal }).catch(() => "gone");
  await until(async () => (await runningCount("left")) === "1\n");
  abort.abort();
  expect(await asked).toBe("gone");
  await until(async () => (await runningCount("left")) === "0\n");
});

test("long queries do not block short queries and pings", async () => {
  const abort = new AbortController();
  const query = "SELECT count() FROM numbers(1e12) WHERE sipHash64(number) = 1";
  const long = Array.from({ length: 6 }, (_, i) =>
    ask({ query, query_id: `long-${i}` }, { signal: abort.signal }).catch(() => "gone"),
  );
  await until(async () => (await runningCount("long-5")) === "1\n");
  for (let i = 0; i < 5; i += 1) expect(await textOf({ query: "SELECT 1" })).toBe("1\n");
  expect((await fetch(`${server.url}/ping`)).status).toBe(200);
  abort.abort();
  await Promise.all(long);
  await until(async () => (await runningCount("long-5")) === "0\n");
});

test("an interrupted upload inserts nothing and leaves no file", async () => {
  await ask({ query: "CREATE TABLE broken (a UInt32) ENGINE = MergeTree ORDER BY a" });
  const spool = join(dir, "data", "spool");
  const query = encodeURIComponent("INSERT INTO broken FORMAT JSONEachRow");
  const upload = request(`${server.url}/?query=${query}`, { method: "POST" });
  upload.on("error", () => {});
  upload.write('{"a":1}\n'.repeat(1000));
  await until(async () => (await readdir(spool)).length === 1);
  upload.destroy();
  await until(async () => (await readdir(spool)).length === 0);
  expect(await textOf({ query: "SELECT count() FROM broken" })).toBe("0\n");
});

describe("the process", () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const run = (args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    let errorOutput = "";
    child.stderr.on("data", (chunk) => {
      errorOutput += chunk;
    });
    return { child, ended: once(child, "exit").then(([code]) => ({ code, errorOutput })) };
  };

  test("keeps every acknowledged row after kill -9 during inserts", async () => {
    const path = join(dir, "kill");
    const one = await startEmbedded({ path });
    const before = createClient({ url: one.url, log: { level: ClickHouseLogLevel.OFF } });
    await before.command({ query: "CREATE TABLE k (a UInt32) ENGINE = MergeTree ORDER BY a" });
    const acknowledged: number[] = [];
    const inserts = Array.from({ length: 200 }, (_, a) =>
      before.insert({ table: "k", format: "JSONEachRow", values: [{ a }] }).then(
        () => acknowledged.push(a),
        () => "lost with the process, and not acknowledged",
      ),
    );
    await until(async () => acknowledged.length >= 40);
    await one.kill9();
    await Promise.all(inserts);
    await before.close();
    const two = await startEmbedded({ path });
    const again = createClient({ url: two.url });
    const kept = await (await again.query({ query: "SELECT a FROM k", format: "JSONEachRow" })).json<{ a: number }>();
    const found = new Set(kept.map(({ a }) => a));
    expect(acknowledged.filter((a) => !found.has(a))).toEqual([]);
    expect(kept).toHaveLength(found.size);
    await again.close();
    await two.stop();
  }, 60_000);

  test("exits with 0 on SIGTERM after the current statement, and unlocks the directory", async () => {
    const path = join(dir, "term");
    const { child, ended } = run(["--path", path], { UV_THREADPOOL_SIZE: "16" });
    const [line] = await once(child.stdout, "data");
    const url = `http://127.0.0.1:${JSON.parse(String(line)).listening}`;
    const slow = fetch(`${url}/?query=${encodeURIComponent("SELECT sleep(1), 'whole'")}`).then((r) => r.text());
    const marked = encodeURIComponent("SELECT count() FROM system.processes WHERE query LIKE '%whole%'");
    await until(async () => (await (await fetch(`${url}/?query=${marked}`)).text()) === "2\n");
    child.kill("SIGTERM");
    expect(await slow).toBe("0\twhole\n");
    expect(await ended).toEqual({ code: 0, errorOutput: "" });
    expect(await readdir(path)).not.toContain("embedded.pid");
  });

  test("requires its password", async () => {
    const { child, ended } = run(["--path", join(dir, "locked")], { CLICKHOUSE_PASSWORD: "pässword" });
    const [line] = await once(child.stdout, "data");
    const url = `http://127.0.0.1:${JSON.parse(String(line)).listening}`;
    const stranger = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
    await expect(stranger.query({ query: "SELECT 1" })).rejects.toMatchObject({ code: "516" });
    const friend = createClient({ url, password: "pässword" });
    expect(await (await friend.query({ query: "SELECT 1", format: "CSV" })).text()).toBe("1\n");
    await Promise.all([stranger.close(), friend.close()]);
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });

  test("only the owner of the process can read the data, also in a directory that others could read before", async () => {
    const path = join(dir, "readable");
    await mkdir(path);
    await chmod(path, 0o755);
    const { child, ended } = run(["--path", path]);
    const [line] = await once(child.stdout, "data");
    const writer = createClient({ url: `http://127.0.0.1:${JSON.parse(String(line)).listening}` });
    await writer.command({ query: "CREATE TABLE secret (a UInt8) ENGINE = MergeTree ORDER BY a" });
    await writer.insert({ table: "secret", values: [{ a: 1 }], format: "JSONEachRow" });
    await writer.close();
    const files = await readdir(path, { recursive: true, withFileTypes: true });
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
    expect(files.length).toBeGreaterThan(5);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("700");
    const kept = files.filter((file) => !file.isSymbolicLink() && existsSync(join(file.parentPath, file.name)));
    for (const file of kept) {
      const { mode } = await stat(join(file.parentPath, file.name));
      expect([file.name, mode & 0o077]).toEqual([file.name, 0]);
    }
  });

  test.each([
    ["a host that is not loopback", ["--path", "x", "--host", "0.0.0.0"], /not a loopback address/],
    ["no directory", [], /--path is required/],
    [
      "a directory whose name is a pattern",
      ["--path", join(tmpdir(), `stufio-{${process.pid}}`)],
      /must not contain any of/,
    ],
  ])("refuses %s", async (_, args, message) => {
    const { code, errorOutput } = await run(args).ended;
    await rm(join(tmpdir(), `stufio-{${process.pid}}`), { recursive: true, force: true });
    expect(code).toBe(1);
    expect(errorOutput).toMatch(message);
  });

  test("refuses a directory that another instance holds", async () => {
    await expect(startEmbedded({ path: join(dir, "data") })).rejects.toThrow(
      new RegExp(`is in use by the ClickHouse engine of process ${server.pid}\\.`),
    );
  });

  test.each([
    ["has ended", "999999999 1"],
    ["has ended, and whose process id another process has", `${process.pid} 1`],
    ["died while writing the lock", ""],
  ])("takes over the lock of a process that %s", async (_, lock) => {
    const path = await mkdtemp(join(dir, "stale-"));
    await writeFile(join(path, "embedded.pid"), lock);
    const taken = await startEmbedded({ path });
    await taken.stop();
    expect(await readdir(path)).not.toContain("embedded.pid");
  });
});
