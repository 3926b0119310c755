import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SETTING_NAMES, SETTINGS } from "~/server/domain/settings";
import { ENV_NAMES, parseEnv } from "~/server/env";
import { NODE_ARGS } from "./node-args.mjs";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const compose = parse(read("docker-compose.yml"), { merge: true });
/** Compose's `${NAME:-default}`, with nothing given. */
const withDefaults = (value: unknown) => String(value).replace(/\$\{\w+:-([^}]*)\}/g, "$1");

/** Variables that one service alone has a use for, or that only the stack of `npm start` reads. */
const LEFT_OUT: Record<string, string[]> = {
  web: ["DATA_DIR", "EMBEDDED_REDIS_PORT", "WORKER_PORT"],
  worker: ["DATA_DIR", "EMBEDDED_REDIS_PORT", "PORT"],
};

describe("the packaging", () => {
  it.each(["web", "worker"])(
    "passes to %s in docker-compose.yml the variables that server/env.ts reads, no other",
    (service) => {
      const names = Object.keys(compose.services[service].environment);
      expect([...names, ...(LEFT_OUT[service] ?? [])].sort()).toEqual([...ENV_NAMES].sort());
    },
  );

  it.each(["web", "worker"])("gives %s an environment that it accepts when nothing is set", (service) => {
    const given = Object.entries(compose.services[service].environment).map(([key, value]) => [
      key,
      withDefaults(value),
    ]);
    expect(parseEnv(Object.fromEntries(given)).KAFKA_BROKERS).toEqual(["kafka:9092"]);
  });

  it("runs web and worker as `npm start` does", () => {
    expect(compose.services.worker.command).toEqual(["node", ...NODE_ARGS, "--import", "tsx", "worker/main.ts"]);
    expect(read("Dockerfile")).toContain(`exec node ${NODE_ARGS.join(" ")} node_modules/next/dist/bin/next start`);
  });

  it("waits for every service by a health check that is a command", () => {
    for (const service of Object.values<{ healthcheck: { test: unknown[] } }>(compose.services)) {
      expect(service.healthcheck.test[0]).toBe("CMD");
      expect(service.healthcheck.test.every((part) => typeof part === "string")).toBe(true);
    }
  });

  it("lists in .env.example every variable and every setting with its default", () => {
    const lines = [...read(".env.example").matchAll(/^#(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]);
    const settings = SETTING_NAMES.map((name) => [`schedules_${SETTINGS[name].key}`, String(SETTINGS[name].default)]);
    expect(lines.map(([name]) => name).sort()).toEqual([...ENV_NAMES, ...settings.map(([name]) => name)].sort());
    expect(lines.filter(([name = ""]) => name.startsWith("schedules_"))).toEqual(settings);
  });

  it("locks the packages of every platform, which `npm ci` asks for on each of them", () => {
    type Locked = { optionalDependencies?: Record<string, string> };
    const locked: Record<string, Locked> = JSON.parse(read("package-lock.json")).packages;
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !locked[`node_modules/${name}`] && !locked[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it("copies into the image what its commands need", () => {
    const dockerfile = read("Dockerfile");
    for (const path of ["server", "worker", ".next", "node_modules"]) {
      expect(dockerfile).toContain(`COPY --from=build /srv/${path} ./${path}`);
    }
  });
});
