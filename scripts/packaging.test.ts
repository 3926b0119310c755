import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SETTING_NAMES, SETTINGS } from "~/server/domain/settings";
import { ENV_NAMES, parseEnv } from "~/server/env";
import { NODE_ARGS } from "../server/node-args.mjs";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const compose = parse(read("docker-compose.yml"), { merge: true });
/** Resolves Compose's `${NAME:-default}` with no variable set. */
const withDefaults = (value: unknown) => String(value).replace(/\$\{\w+:-([^}]*)\}/g, "$1");

/** Variables that a service does not use, or that only `npm start` reads. */
const EXCLUDED: Record<string, string[]> = {
  web: ["DATA_DIR", "EMBEDDED_REDIS_PORT", "VIRTUAL_CLOCK", "WORKER_PORT"],
  worker: ["DATA_DIR", "EMBEDDED_REDIS_PORT", "PORT", "VIRTUAL_CLOCK"],
};

describe("the packaging", () => {
  it.each(["web", "worker"])(
    "passes to %s in docker-compose.yml each variable of server/env.ts that it uses, and no other",
    (service) => {
      const names = Object.keys(compose.services[service].environment);
      expect([...names, ...(EXCLUDED[service] ?? [])].sort()).toEqual([...ENV_NAMES].sort());
    },
  );

  it.each(["web", "worker"])("gives %s a valid environment when nothing is set", (service) => {
    const variables = Object.entries(compose.services[service].environment).map(([key, value]) => [
      key,
      withDefaults(value),
    ]);
    expect(parseEnv(Object.fromEntries(variables)).KAFKA_BROKERS).toEqual(["kafka:9092"]);
  });

  it("runs web and worker with the same Node options as `npm start`", () => {
    expect(compose.services.worker.command).toEqual(["node", ...NODE_ARGS, "worker.mjs"]);
    expect(read("Dockerfile")).toContain(`exec node ${NODE_ARGS.join(" ")} server.js`);
  });

  it("pins each image to an exact version, and uses the same Node image in all build stages", () => {
    const images = Object.values<{ image: string }>(compose.services).map(({ image }) => image);
    const foreign = images.filter((image) => image !== "stufio-schedules");
    const stages = [...read("Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, image = ""]) => image);
    expect(new Set(stages).size).toBe(1);
    for (const image of [...foreign, ...stages]) expect(image).toMatch(/:\d+\.\d+\.\d+/);
  });

  it("publishes the ports of Redis, Kafka and the web app only on loopback", () => {
    const ports = Object.entries<{ ports?: string[] }>(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, withDefaults(port)]),
    );
    expect(ports).toEqual([
      ["web", "127.0.0.1:3000:3000"],
      ["redis", "127.0.0.1:6379:6379"],
      ["kafka", "127.0.0.1:29092:29092"],
    ]);
    const kafka = compose.services.kafka.environment;
    expect(withDefaults(kafka.KAFKA_ADVERTISED_LISTENERS)).toContain("HOST://127.0.0.1:29092");
  });

  it("puts no secret into a URL, where the secret would have to be encoded", () => {
    const environment = Object.entries<string>(compose.services.web.environment);
    const urls = environment.filter(([name, value]) => name.endsWith("_URL") && /PASSWORD|@/.test(String(value)));
    expect(urls).toEqual([]);
  });

  it("checks the web container at /api/live, a route of the web app", () => {
    expect(compose.services.web.healthcheck.test.join(" ")).toContain("/api/live");
    expect(read("server/rest/routes/health.ts")).toContain("/api/live");
  });

  it("checks the health of every service with a command that needs no shell", () => {
    for (const service of Object.values<{ healthcheck: { test: unknown[] } }>(compose.services)) {
      expect(service.healthcheck.test[0]).toBe("CMD");
      expect(service.healthcheck.test.every((part) => typeof part === "string")).toBe(true);
    }
  });

  it("lists every variable in .env.example, and every setting with its default", () => {
    const lines = [...read(".env.example").matchAll(/^#(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]);
    const settings = SETTING_NAMES.map((name) => [`schedules_${SETTINGS[name].key}`, String(SETTINGS[name].default)]);
    expect(lines.map(([name]) => name).sort()).toEqual([...ENV_NAMES, ...settings.map(([name]) => name)].sort());
    expect(lines.filter(([name = ""]) => name.startsWith("schedules_"))).toEqual(settings);
  });

  it("locks the optional packages of every platform, so that `npm ci` works on each", () => {
    type Locked = { optionalDependencies?: Record<string, string> };
    const locked: Record<string, Locked> = JSON.parse(read("package-lock.json")).packages;
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !locked[`node_modules/${name}`] && !locked[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it("gives the command line and the client the package versions of the repository", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    const cli = JSON.parse(read("clients/cli/package.json")).dependencies;
    const { "@stufio/schedules-client": client, ...packages } = cli;
    expect(packages).toEqual(Object.fromEntries(Object.keys(packages).map((name) => [name, dependencies[name]])));
    const { version, dependencies: ofClient } = JSON.parse(read("clients/typescript/package.json"));
    expect(client).toBe(version);
    expect(ofClient).toEqual({ "openapi-fetch": dependencies["openapi-fetch"] });
  });

  it("fills the image with scripts/image/assemble.mjs", () => {
    const dockerfile = read("Dockerfile");
    expect(dockerfile).toContain("NEXT_OUTPUT=standalone");
    expect(dockerfile).toContain("node scripts/image/assemble.mjs /image");
    expect(dockerfile).toContain("COPY --from=build /image ./");
  });
});
