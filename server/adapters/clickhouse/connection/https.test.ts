import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "~/server/testing/certificate";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { migrate } from "../migrate";
import { createClickHouse } from "./client";

const hasOpenssl = !spawnSync("openssl", ["version"]).error;
if (!hasOpenssl) console.warn("The tests of ClickHouse over HTTPS are skipped: no openssl");

const USER = "ann@example.org";
const PASSWORD = "p:ss w@rd%/?#ü漢";

/** An HTTPS server in front of the real engine. Like ClickHouse, it requires user and password. */
describe.skipIf(!hasOpenssl)("ClickHouse over HTTPS", { timeout: 60_000 }, () => {
  let dir: string;
  let engine: TestClickHouse;
  let front: Server;
  let ca: string;
  let strangerCa: string;
  const requestedDatabases: string[] = [];

  async function certificate(name: string): Promise<{ key: string; cert: string }> {
    const { keyFile, certFile } = await makeCertificate(dir, name);
    return { key: await readFile(keyFile, "utf8"), cert: await readFile(certFile, "utf8") };
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "clickhouse-https-"));
    engine = await startTestClickHouse();
    const { key, cert } = await certificate("engine");
    ca = cert;
    strangerCa = (await certificate("stranger")).cert;
    const wanted = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    front = createServer({ key, cert }, (incoming, outgoing) => {
      if (incoming.headers.authorization !== wanted) {
        outgoing.writeHead(403, { "X-ClickHouse-Exception-Code": "516" });
        outgoing.end(
          `Code: 516. DB::Exception: ${USER}: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)`,
        );
        return;
      }
      requestedDatabases.push(new URL(incoming.url ?? "/", "http://x").searchParams.get("database") ?? "");
      const { authorization: _, ...headers } = incoming.headers;
      const onward = httpRequest(
        new URL(incoming.url ?? "/", engine.url),
        { method: incoming.method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    }).listen(0, "127.0.0.1");
    await once(front, "listening");
  }, 120_000);
  afterAll(async () => {
    front?.closeAllConnections();
    front?.close();
    await engine?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const port = () => (front.address() as AddressInfo).port;
  const encoded = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;

  it.each<[string, () => { url: string; username?: string; password?: string }]>([
    ["percent-encoded in the URL", () => ({ url: `https://${encoded}@127.0.0.1:${port()}` })],
    ["given separately", () => ({ url: `https://127.0.0.1:${port()}`, username: USER, password: PASSWORD })],
    [
      "given separately, with a URL that has other credentials and a path",
      () => ({ url: `https://other:wrong@127.0.0.1:${port()}/elsewhere`, username: USER, password: PASSWORD }),
    ],
  ])("creates its tables with a user and a password, %s", async (_, access) => {
    const database = `https_${Date.now().toString(36)}`;
    const client = createClickHouse({ ...access(), database, ca });
    requestedDatabases.length = 0;
    try {
      await migrate(client, { database, cluster: null, withLock: (run) => run() });
      expect(await client.ping()).toMatchObject({ ok: true, detail: expect.stringMatching(/^ClickHouse \d/) });
      // The request that creates the database names none.
      expect(new Set(requestedDatabases)).toEqual(new Set(["", database]));
    } finally {
      await client.close();
    }
  });

  it.each<[string, () => { url: string; username?: string; password?: string; ca?: string }, RegExp]>([
    ["the wrong CA", () => ({ url: `https://127.0.0.1:${port()}`, ca: strangerCa }), /CLICKHOUSE_CA_FILE/],
    ["no CA", () => ({ url: `https://127.0.0.1:${port()}` }), /CLICKHOUSE_CA_FILE/],
    [
      "a wrong password",
      () => ({ url: `https://127.0.0.1:${port()}`, ca, username: USER, password: "wrong-secret" }),
      /CLICKHOUSE_USER, CLICKHOUSE_PASSWORD/,
    ],
    ["an http URL of a server with TLS", () => ({ url: `http://127.0.0.1:${port()}` }), /CLICKHOUSE_URL: .*https:\/\//],
    [
      "an https URL of a server without TLS",
      () => ({ url: engine.url.replace("http:", "https:"), ca }),
      /CLICKHOUSE_URL: .*http:\/\//,
    ],
    ["no server at the address", () => ({ url: "http://127.0.0.1:9" }), /CLICKHOUSE_URL: no server answers/],
  ])("reports %s in one line that names the variable at fault", async (_, access, expected) => {
    const client = createClickHouse({ ...access(), database: "any" });
    try {
      const { ok, detail } = await client.ping();
      expect(ok).toBe(false);
      expect(detail).toMatch(expected);
      expect(detail).toContain(new URL(access().url).host);
      expect(detail).not.toMatch(/\n|wrong-secret/);
      expect(detail).not.toContain(USER);
      await expect(client.createDatabase({ onCluster: "" })).rejects.toMatchObject({
        code: "clickhouse_unavailable",
        message: detail,
      });
    } finally {
      await client.close();
    }
  });
});
