import { execFile, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect, message } from "~/server/testing/bus-conformance";
import { freePort } from "~/server/testing/services/free-port";
import { kafkaAvailability, type RunningKafka, startKafka } from "~/server/testing/services/kafka";
import { createKafkaBus } from "./kafka-bus";
import type { KafkaAccess } from "./security";

const { available, reason } = kafkaAvailability();
const hasOpenssl = !spawnSync("openssl", ["version"]).error;
const canTest = available && hasOpenssl;
if (!canTest) console.warn(`The tests of Kafka's TLS and SASL are skipped: ${available ? "no openssl" : reason}`);

const USER = "ann";
const PASSWORD = "p:ss w@rd%/ü";
const HOST = "127.0.0.1";

/** An unsigned token, as issued by identity providers for development (RFC 7515, appendix A.5). */
function unsignedToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "none" })}.${part({ sub: USER, iat: now, exp: now + 600 })}.`;
}

describe.skipIf(!canTest)("Kafka with TLS and SASL", { timeout: 60_000 }, () => {
  let dir: string;
  let broker: RunningKafka;
  let idp: Server;
  let ports: { plain: number; secure: number; mutual: number };
  const asked: { authorization?: string; body: string }[] = [];
  const pem = new Map<string, string>();

  /** A self-signed certificate and its key. */
  async function certificate(name: string): Promise<void> {
    const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:localhost,IP:${HOST}`];
    await promisify(execFile)("openssl", ["req", "-x509", ...curve, "-days", "2", "-out", cert, ...subject]);
    pem.set(name, await readFile(cert, "utf8")).set(`${name}.key`, await readFile(key, "utf8"));
    await writeFile(join(dir, `${name}.both.pem`), `${pem.get(`${name}.key`)}${pem.get(name)}`);
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "kafka-tls-"));
    for (const name of ["broker", "client", "stranger"]) await certificate(name);
    ports = { plain: await freePort(), secure: await freePort(), mutual: await freePort() };
    const controller = await freePort();
    const listeners = `PLAINTEXT://${HOST}:${ports.plain},SECURE://${HOST}:${ports.secure},MUTUAL://${HOST}:${ports.mutual}`;
    const login = (module: string, options = "") => `org.apache.kafka.common.security.${module} required${options};`;
    broker = await startKafka({
      port: ports.plain,
      scramUsers: [{ name: USER, password: PASSWORD }],
      properties: {
        listeners: `${listeners},CONTROLLER://${HOST}:${controller}`,
        "controller.quorum.voters": `1@${HOST}:${controller}`,
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": join(dir, "broker.both.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": join(dir, "client.pem"),
        "listener.name.mutual.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
        "listener.name.secure.plain.sasl.jaas.config": login(
          "plain.PlainLoginModule",
          ` user_${USER}="${ascii(PASSWORD)}"`,
        ),
        "listener.name.secure.scram-sha-256.sasl.jaas.config": login("scram.ScramLoginModule"),
        "listener.name.secure.scram-sha-512.sasl.jaas.config": login("scram.ScramLoginModule"),
        "listener.name.secure.oauthbearer.sasl.jaas.config": login(
          "oauthbearer.OAuthBearerLoginModule",
          ' unsecuredLoginStringClaim_sub="broker"',
        ),
      },
    });
    idp = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        asked.push({ authorization: request.headers.authorization, body });
        const isKnown = request.url === "/token";
        response.writeHead(isKnown ? 200 : 401).end(isKnown ? JSON.stringify({ access_token: unsignedToken() }) : "");
      });
    }).listen(0, HOST);
    await once(idp, "listening");
  }, 180_000);
  afterAll(async () => {
    await broker?.stop();
    idp?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const idpUrl = (path: string) => `http://${HOST}:${(idp.address() as AddressInfo).port}${path}`;
  const tls = () => ({ ca: pem.get("broker") });
  const open = (port: number, access: KafkaAccess) =>
    createKafkaBus({ brokers: [`${HOST}:${port}`], clientId: "secure", requestTimeoutMs: 6000, access });

  /** Publishes one event and reads it. */
  async function roundTrip(port: number, access: KafkaAccess): Promise<void> {
    const bus = open(port, access);
    try {
      const topic = `secure.${randomUUID().slice(0, 8)}`;
      expect(await bus.publish([message({ topic, value: "through" })])).toMatchObject([{ ok: true }]);
      const reader = await collect(bus, { topic });
      await reader.until(1);
      expect(reader.values()).toEqual(["through"]);
      expect(await bus.check()).toMatchObject({ ok: true });
    } finally {
      await bus.stop();
    }
  }

  async function faultOf(port: number, access: KafkaAccess): Promise<string> {
    const bus = open(port, access);
    try {
      expect((await bus.publish([message({ topic: "refused" })]))[0]).toMatchObject({ ok: false, retriable: true });
      const { ok, detail } = await bus.check();
      expect(ok).toBe(false);
      expect(detail).not.toContain("\n");
      expect(detail).not.toContain(PASSWORD);
      return detail;
    } finally {
      await bus.stop();
    }
  }

  it.each(["SCRAM-SHA-256", "SCRAM-SHA-512"] as const)(
    "publishes and reads over SASL_SSL with %s",
    async (mechanism) => {
      await roundTrip(ports.secure, { tls: tls(), sasl: { mechanism, username: USER, password: PASSWORD } });
    },
  );

  it("publishes and reads over SASL_SSL with PLAIN", async () => {
    await roundTrip(ports.secure, {
      tls: tls(),
      sasl: { mechanism: "PLAIN", username: USER, password: ascii(PASSWORD) },
    });
  });

  it("publishes and reads with a client certificate", async () => {
    await roundTrip(ports.mutual, {
      tls: { ...tls(), cert: pem.get("client"), key: pem.get("client.key") },
      sasl: null,
    });
  });

  it("publishes and reads with OAUTHBEARER and a token from a command", async () => {
    const command = `echo ${unsignedToken()}`;
    await roundTrip(ports.secure, { tls: tls(), sasl: { mechanism: "OAUTHBEARER", token: { command } } });
  });

  it("publishes and reads with OAUTHBEARER and a token from an OAuth 2.0 endpoint", async () => {
    const token = { url: idpUrl("/token"), clientId: "id", clientSecret: "se:cret", scope: "kafka" };
    await roundTrip(ports.secure, { tls: tls(), sasl: { mechanism: "OAUTHBEARER", token } });
    expect(asked[0]).toEqual({
      authorization: `Basic ${Buffer.from("id:se%3Acret").toString("base64")}`,
      body: "grant_type=client_credentials&scope=kafka",
    });
  });

  const sasl = (password = PASSWORD) => ({ mechanism: "SCRAM-SHA-512", username: USER, password }) as const;
  it.each<[string, () => [number, KafkaAccess], RegExp]>([
    ["the wrong CA", () => [ports.secure, { tls: { ca: pem.get("stranger") }, sasl: sasl() }], /KAFKA_SSL_CA_FILE/],
    ["no CA", () => [ports.secure, { tls: {}, sasl: sasl() }], /KAFKA_SSL_CA_FILE/],
    [
      "a wrong password",
      () => [ports.secure, { tls: tls(), sasl: sasl("wrong") }],
      /KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD/,
    ],
    ["no login", () => [ports.secure, { tls: tls(), sasl: null }], /KAFKA_SASL_MECHANISM/],
    ["plaintext against TLS", () => [ports.secure, { tls: null, sasl: null }], /KAFKA_SSL=true/],
    ["TLS against plaintext", () => [ports.plain, { tls: tls(), sasl: null }], /KAFKA_SSL=false/],
    [
      "no certificate where the broker requires a client certificate",
      () => [ports.mutual, { tls: tls(), sasl: null }],
      /KAFKA_SSL_CERT_FILE/,
    ],
    [
      "a token endpoint that refuses",
      () => [ports.secure, { tls: tls(), sasl: { mechanism: "OAUTHBEARER", token: { url: idpUrl("/no") } } }],
      /KAFKA_SASL_TOKEN_URL \(127\.0\.0\.1:\d+\) responded with status 401/,
    ],
    [
      "a token command that fails",
      () => [ports.secure, { tls: tls(), sasl: { mechanism: "OAUTHBEARER", token: { command: "exit 3" } } }],
      /KAFKA_SASL_TOKEN_COMMAND exited with code 3/,
    ],
  ])("reports in one line: %s", async (_, connection, expected) => {
    const [port, access] = connection();
    const detail = await faultOf(port, access);
    expect(detail).toMatch(expected);
    expect(detail).toContain(`${HOST}:${port}`);
  });
});

/** Removes characters beyond ASCII: the properties file is written as UTF-8, but the broker reads it as Latin-1. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "");
}
