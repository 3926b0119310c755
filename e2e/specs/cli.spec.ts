import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { breakTopic, repairTopic } from "../parts/broken-topic";
import { cli, installCommandLine, json } from "../parts/installed-cli";

/* The packed command line, installed in an empty folder, against the running stack. */
test.describe.configure({ timeout: 300_000, mode: "serial" });

let folder: string;
test.beforeAll(async () => {
  folder = await installCommandLine();
});

const NAME = `CLI ${Date.now()}`;
const TOPIC = `e2e.cli.${Date.now()}`;

test("a profile is stored with its key in a file that only its owner can read", async () => {
  const key = process.env.E2E_API_KEY as string;
  const url = test.info().project.use.baseURL as string;
  const without = { SCHEDULES_URL: "", SCHEDULES_API_KEY: "" };
  const saved = await cli(["profile", "set", "e2e", "--url", url, "--key-stdin"], { env: without, input: `${key}\n` });
  expect(saved).toMatchObject({ code: 0, err: "" });
  expect(saved.out).not.toContain(key);
  expect(statSync(join(folder, "config/stufio-schedules/config.json")).mode & 0o777).toBe(0o600);
  const listed = await cli(["schedules", "list", "--limit", "1"], { env: without });
  expect(listed.code).toBe(0);
});

test("a schedule is created, found by its name, paused, resumed, run, explained and deleted", async () => {
  const event = ["--topic", TOPIC, "--entity-type", "report", "--action", "generate"];
  const created = await json(
    ...["schedules", "create", "--name", NAME, ...event, "--cron", "0 9 1 1 *", "--timezone", "Europe/Berlin"],
    ...["--payload", '{"n": 1, "big": 1970670598291982290}', "--tag", "cli", "--header", "x-a=b=c"],
  );
  expect(created).toMatchObject({ name: NAME, payload: { n: 1 }, tags: ["cli"], headers: { "x-a": "b=c" } });

  const listed = await cli(["schedules", "list", "--topic", TOPIC]);
  expect(listed.out).toMatch(new RegExp(`${created.schedule_id}\\s+${NAME}\\s+active`));
  const got = await cli(["schedules", "get", NAME]);
  expect(got.out).toMatch(/payload +\{"n":1,"big":1970670598291982290\}/);
  expect(got.out).toMatch(/next run\s+\d{4}-01-01 09:00:00 \+01:00/);

  const [paused] = await json("schedules", "pause", NAME, "--note", "by the test", "--until", "+2h");
  expect(paused).toMatchObject({ status: "paused", pause_note: "by the test" });
  expect((await cli(["schedules", "resume", NAME, "--missed", "none"])).out).toMatch(/^Resumed .*: next run \d{4}-/);

  const ran = await json("schedules", "run", NAME, "--wait", "60");
  expect(ran).toMatchObject({ status: "succeeded", trigger: "manual", topic: TOPIC });
  await expect
    .poll(async () =>
      (await json("executions", "list", "--schedule", NAME)).map((row: { execution_id: string }) => row.execution_id),
    )
    .toEqual([ran.execution_id]);
  expect((await cli(["executions", "get", ran.execution_id])).out).toContain("attempt 1");
  const replayed = await json("executions", "replay", ran.execution_id, "--payload", '{"n": 2}', "--wait", "60");
  expect(replayed).toMatchObject({ replay_of: ran.execution_id, payload: { n: 2 }, status: "succeeded" });

  const explained = await cli(["explain", NAME, "--at", "2027-03-28T02:30"]);
  expect(explained).toMatchObject({ code: 0, out: expect.stringMatching(/\S.*\.\n$/) });

  expect(await cli(["schedules", "delete", NAME])).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect((await cli(["schedules", "delete", NAME, "--yes"])).out).toBe(`Deleted ${NAME}\n`);
  expect(await cli(["schedules", "get", NAME])).toMatchObject({ code: 3, out: "" });
});

test("`executions tail` follows new executions, and ends by Ctrl-C", async () => {
  const event = ["--topic", TOPIC, "--entity-type", "tail", "--action", "beat"];
  const { schedule_id } = await json("schedules", "create", ...event, "--cron", "*/2 * * * * *");
  try {
    const tail = ["executions", "tail", "--topic", TOPIC, "--last", "0", "--interval", "1"];
    const counted = await cli([...tail, "--count", "2", "--output", "ndjson"]);
    const rows = counted.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { schedule_id, status: "succeeded" },
      { schedule_id, status: "succeeded" },
    ]);
    expect(Date.parse(rows[1].scheduled_for)).toBeGreaterThan(Date.parse(rows[0].scheduled_for));
    expect(await cli(tail, { until: "succeeded" })).toMatchObject({ code: 130, err: "" });
  } finally {
    await cli(["schedules", "delete", schedule_id, "--yes"]);
  }
});

test("dead letters are listed, previewed, replayed by id and discarded by filter", async () => {
  const topic = `${TOPIC}.broken`;
  await breakTopic(topic);
  try {
    const event = ["--topic", topic, "--entity-type", "invoice", "--action", "send", "--max-retries", "0"];
    for (let i = 0; i < 2; i += 1) await json("schedules", "create", ...event, "--at", "+1s");
    const listed = async () => (await json("dead-letters", "list", "--topic", topic)) as { execution_id: string }[];
    await expect.poll(async () => (await listed()).length).toBe(2);
    const preview = await json("dead-letters", "discard", "--topic", topic, "--from", "-1h", "--dry-run");
    expect(preview).toMatchObject({ count: 2, sample: [{ topic }, { topic }] });
    await repairTopic(topic);
    const [first] = await listed();
    const replayed = await json("dead-letters", "replay", first?.execution_id as string, "--yes");
    expect(replayed).toMatchObject({ action: "replay", status: "done", changed: 1, failed: 0 });
    await expect.poll(async () => (await listed()).length).toBe(1);
    const discarded = await cli(["dead-letters", "discard", "--topic", topic, "--yes"]);
    expect(discarded).toMatchObject({ code: 0, out: expect.stringMatching(/^Discarded 1, 0 skipped, 0 failed/) });
    await expect.poll(async () => (await listed()).length).toBe(0);
  } finally {
    await repairTopic(topic);
  }
});

test("a preview shows the time to which a clock change moves a run", async () => {
  const from = "2027-03-27T00:00:00Z";
  const { code, out } = await cli([
    "schedules",
    "preview",
    "30 2 * * *",
    "--timezone",
    "Europe/Berlin",
    "--from",
    from,
    "--count",
    "2",
  ]);
  expect(code).toBe(0);
  expect(out).toContain("2027-03-28 03:00:00 +02:00");
});

test("errors name the field, and exit codes tell what happened", async () => {
  const event = ["--topic", TOPIC, "--entity-type", "a", "--action", "b"];
  const invalid = await cli(["schedules", "create", ...event, "--cron", "61 * * * *"]);
  expect(invalid).toMatchObject({ code: 1, out: "" });
  expect(invalid.err).toMatch(/^error: .*\n {2}cron_expression {2}.*61.*\n {2}\(cron_invalid, request /);
  const secret = { SCHEDULES_API_KEY: "stufio_live_wrong" };
  const refused = await cli(["schedules", "list", "-o", "json"], { env: secret });
  expect(refused.code).toBe(4);
  expect(JSON.parse(refused.err).error).toMatchObject({ code: "unauthenticated" });
  expect(refused.err).not.toContain("stufio_live_wrong");
  const unreachable = await cli(["schedules", "list"], { env: { SCHEDULES_URL: "http://127.0.0.1:9" } });
  expect(unreachable).toMatchObject({ code: 5, err: expect.stringContaining("http://127.0.0.1:9") });
});

test("a key is created into a file, has only its rights, and is rotated and revoked", async () => {
  const secretFile = join(folder, "key");
  const create = ["keys", "create", NAME, "--right", "schedules:read", "--topic-prefix", "e2e.", "--expires-at", "+1h"];
  const { key_id, secret, scope } = await json(...create, "--secret-file", secretFile);
  expect({ secret, scope }).toEqual({ secret: undefined, scope: { namespaces: [], topic_prefixes: ["e2e."] } });
  expect(statSync(secretFile).mode & 0o777).toBe(0o600);
  const env = { SCHEDULES_API_KEY: "", SCHEDULES_API_KEY_FILE: secretFile };
  expect((await cli(["schedules", "list"], { env })).code).toBe(0);
  expect(await cli(["users", "list"], { env })).toMatchObject({ code: 4, err: expect.stringContaining("users:edit") });
  const rotated = await cli(["keys", "rotate", key_id, "--overlap", "0", "--secret-file", join(folder, "new-key")]);
  expect(rotated.out + rotated.err).not.toContain(readFileSync(join(folder, "new-key"), "utf8").trim());
  const [, newId] = /^id +(\S+)$/m.exec(rotated.out) ?? [];
  expect(await cli(["keys", "revoke", newId as string, "--yes"])).toMatchObject({ code: 0 });
  const after = { SCHEDULES_API_KEY: "", SCHEDULES_API_KEY_FILE: join(folder, "new-key") };
  expect((await cli(["schedules", "list"], { env: after })).code).toBe(4);
});

test("a user is invited, changed and deleted", async () => {
  const email = `cli-${Date.now()}@example.org`;
  const invited = await cli(["users", "invite", email, "--name", "Ann", "--role", "viewer"]);
  expect(invited.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/password-link#\S+\n$/);
  expect(await json("users", "update", email, "--role", "operator")).toMatchObject({ email, role: "operator" });
  expect((await cli(["users", "link", email, "--revoke"])).code).toBe(1);
  expect((await cli(["users", "list"])).out).toContain(email);
  expect((await cli(["users", "delete", email, "--yes"])).out).toBe(`Deleted ${email}\n`);
});

test("a setting is read, set and reset", async () => {
  expect((await cli(["settings", "set", "redis_processing_interval=7"])).code).toBe(0);
  expect((await cli(["settings", "get", "REDIS_PROCESSING_INTERVAL"])).out).toBe("7\n");
  const wrong = await cli(["settings", "set", "REDIS_PROCESSING_INTERVAL=many"]);
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("redis_processing_interval") });
  // The stack sets this one by its environment.
  const fixed = await cli(["settings", "set", "CHECK_INTERVAL_SECONDS=90"]);
  expect(fixed).toMatchObject({ code: 1, err: expect.stringContaining("environment") });
  const [setting] = await json("settings", "reset", "REDIS_PROCESSING_INTERVAL");
  expect(setting).toMatchObject({ value: 5, source: "default" });
});

test("`doctor` checks the stores, the processes and this machine", async () => {
  const { code, out } = await cli(["doctor", "--output", "json"]);
  const { checks } = JSON.parse(out) as { checks: { part: string; name: string; state: string; value: string }[] };
  expect({ code, critical: checks.filter(({ state }) => state === "critical") }).toEqual({ code: 0, critical: [] });
  const states = Object.fromEntries(checks.map((check) => [`${check.part} ${check.name}`, check.state]));
  expect(states).toMatchObject({
    ...{ "redis version": "ok", "redis persistence": "ok", "redis eviction": "ok", "redis memory": "ok" },
    ...{ "clickhouse version": "ok", "clickhouse readonly": "ok", "web time zones": "ok", "worker alive": "ok" },
    ...{ "client version": "ok", "client clock": "ok" },
  });
  const table = await cli(["doctor"]);
  expect(table.out).toMatch(/^PART +CHECK +STATE +VALUE +EXPECTED\n/);
});

test("`seed` creates examples, and removes them", async () => {
  expect((await cli(["seed", "--schedules", "12", "--disabled", "--yes"])).out).toBe("Created 12 of 12 schedules\n");
  const seeded = await json("schedules", "list", "--tag", "seed", "--all");
  expect(seeded).toHaveLength(12);
  const removed = await cli(["seed", "--remove", "--yes"]);
  expect(removed).toMatchObject({ code: 0, out: expect.stringMatching(/^Deleted 12, 0 skipped, 0 failed/) });
});
