import { execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { type ChildHandle, superviseChild } from "./child-handle";
import { freePort } from "./free-port";

/*
 * An Apache Kafka broker for tests: one KRaft node on loopback. Maven downloads its jars once into
 * node_modules/.cache/kafka.
 */

const run = promisify(execFile);
const HOST = "127.0.0.1";
const POM = fileURLToPath(new URL("./kafka-broker/pom.xml", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/kafka", import.meta.url));
const MAVEN_TIMEOUT_MS = 300_000;
const READY_TIMEOUT_MS = 60_000;
const MINIMUM_JAVA = 17;
const QUIET = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"];
/** Any 16 bytes in base64url. Fixed, so that a broker can restart with its data. */
const CLUSTER_ID = "c3R1ZmlvLXRlc3QtYnJva2";

export interface RunningKafka {
  /** The value for KAFKA_BROKERS. */
  readonly brokers: string;
  /** `restart()` changes it. */
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends the broker with `kill -9`. Its data remains for `restart()`. */
  kill9(): Promise<void>;
  /** Restarts the broker on the same port with the same data. */
  restart(): Promise<void>;
}

export interface StartKafkaInput {
  /** Folder for the data and the log; by default a temporary folder, which `stop()` removes. */
  dir?: string;
  port?: number;
  /** Broker properties that extend or replace the defaults, such as `{ "auto.create.topics.enable": "false" }`. */
  properties?: Record<string, string>;
  /** Users for SCRAM-SHA-256 and SCRAM-SHA-512. */
  scramUsers?: { name: string; password: string }[];
}

/** Whether a broker can be started, and why. `npm test` sets TEST_KAFKA_MISSING to the reason if it cannot. */
export function kafkaAvailability(): { available: boolean; reason: string } {
  const tried = process.env.TEST_KAFKA_MISSING;
  if (tried) return { available: false, reason: tried };
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  if (java.error) return { available: false, reason: "java is not installed" };
  const major = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0);
  if (major < MINIMUM_JAVA) return { available: false, reason: `Kafka needs Java ${MINIMUM_JAVA}, this is ${major}` };
  if (existsSync(jarFolder())) return { available: true, reason: "java is installed and the jars are cached" };
  const maven = spawnSync("mvn", ["--version"], { encoding: "utf8" });
  if (maven.error) return { available: false, reason: "mvn is not installed, and Kafka's jars are not cached" };
  return { available: true, reason: "java and mvn are installed" };
}

/** Starts a broker and waits until it answers. Throws the end of its log if it is not ready in a minute. */
export async function startKafka(input: StartKafkaInput = {}): Promise<RunningKafka> {
  const { available, reason } = kafkaAvailability();
  if (!available) throw new Error(`No Kafka broker can be started: ${reason}`);
  const jars = await ensureJars();
  const dir = input.dir ? resolve(input.dir) : await mkdtemp(join(tmpdir(), "kafka-"));
  await mkdir(dir, { recursive: true });
  const port = input.port ?? (await freePort());
  const config = join(dir, "server.properties");
  await writeFile(config, await brokerProperties({ dir, port, extra: input.properties ?? {} }));
  const format = ["format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", config];
  for (const { name, password } of input.scramUsers ?? []) {
    for (const digest of ["256", "512"]) {
      format.push("--add-scram", `SCRAM-SHA-${digest}=[name="${name}",password="${password}"]`);
    }
  }
  await run("java", [...QUIET, "-cp", `${jars}/*`, "kafka.tools.StorageTool", ...format]);

  let broker = await launch({ jars, dir, config, port });
  return {
    brokers: `${HOST}:${port}`,
    get pid() {
      return broker.pid;
    },
    async stop() {
      await broker.handle.end("SIGTERM");
      if (!input.dir) await rm(dir, { recursive: true, force: true });
    },
    kill9: () => broker.handle.end("SIGKILL"),
    async restart() {
      await broker.handle.end("SIGTERM");
      broker = await launch({ jars, dir, config, port });
    },
  };
}

function jarFolder(): string {
  return join(CACHE, createHash("sha256").update(readFileSync(POM)).digest("hex").slice(0, 12));
}

/** Downloads missing jars. Returns their folder. */
export async function ensureJars(): Promise<string> {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  // Renamed at the end, because another test run must not see an incomplete folder.
  const filling = await mkdtemp(join(CACHE, "filling-"));
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${filling}`, "-DincludeScope=runtime"];
  await run("mvn", ["-q", "-B", "-f", POM, ...goal], { timeout: MAVEN_TIMEOUT_MS });
  await rename(filling, folder).catch(async (error) => {
    await rm(filling, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

async function brokerProperties(input: { dir: string; port: number; extra: Record<string, string> }): Promise<string> {
  const controllerPort = await freePort();
  const properties: Record<string, string> = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@${HOST}:${controllerPort}`,
    listeners: `PLAINTEXT://${HOST}:${input.port},CONTROLLER://${HOST}:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://${HOST}:${input.port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": join(input.dir, "data"),
    "auto.create.topics.enable": "true",
    "num.partitions": "3",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    // A group of a test has one consumer, so it need not wait for others.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "controlled.shutdown.enable": "false",
    // A killed broker can rejoin only after its old session has ended. The default is 9 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "log.segment.bytes": "67108864",
    ...input.extra,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

async function launch(input: { jars: string; dir: string; config: string; port: number }) {
  const logPath = join(input.dir, "broker.log");
  const log = await open(logPath, "a");
  const jvm = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const child = spawn("java", [...jvm, ...QUIET, "-cp", `${input.jars}/*`, "kafka.Kafka", input.config], {
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  await log.close();
  const handle = superviseChild(child);
  try {
    await untilReady(`${HOST}:${input.port}`, handle);
  } catch (error) {
    await handle.end("SIGKILL");
    const tail = (await readFile(logPath, "utf8").catch(() => "")).slice(-2000);
    throw new Error(`Kafka on port ${input.port} did not start: ${(error as Error).message}\n${tail}`);
  }
  return { pid: child.pid as number, handle };
}

async function untilReady(broker: string, handle: ChildHandle): Promise<void> {
  const kafka = new Kafka({ clientId: "probe", brokers: [broker], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (handle.failure) throw new Error(handle.failure);
    const admin = kafka.admin();
    try {
      await admin.connect();
      // A broker answers before it is usable. It is usable when it is in the list.
      if ((await admin.describeCluster()).brokers.length > 0) return;
    } catch {
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await pause(100);
  }
  throw new Error(`no answer within ${READY_TIMEOUT_MS} ms`);
}
