import { expect, test } from "@playwright/test";
import { restClient } from "../parts/rest";

const unique = (name: string) => `${name} ${test.info().workerIndex}-${Date.now()}`;
const event = {
  topic: "e2e.rest",
  entity_type: "user",
  entity_id: "123",
  action: "send_reminder",
  payload: { user_id: 123 },
};
const inSeconds = (n: number) => new Date(Date.now() + n * 1000).toISOString();

test("a one-time schedule fires once, and its executions remain after a delete", async ({ request }) => {
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", { ...event, name: unique("once"), execution_time: inSeconds(2) });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ tier: "redis", status: "active", version: 1 });
  const id = created.body.schedule_id;
  expect(created.headers.location).toContain(id);
  await expect.poll(() => rest.executions(id).then((all) => all.map((one) => one.status))).toEqual(["succeeded"]);
  await expect.poll(() => rest.get(`/admin/schedules/${id}`).then(({ body }) => body.status)).toBe("completed");
  expect((await rest.delete(`/admin/schedules/${id}`)).status).toBe(204);
  expect((await rest.get(`/admin/schedules/${id}`)).status).toBe(404);
  expect(await rest.executions(id)).toHaveLength(1);
});

test("a cron fires every 2 seconds, and is paused, run manually, resumed, edited and deleted", async ({ request }) => {
  const rest = restClient(request);
  const name = unique("cron");
  const created = await rest.post("/admin/schedules", {
    ...event,
    name,
    cron_expression: "*/2 * * * * *",
    timezone: "Europe/Berlin",
  });
  expect(created.status).toBe(201);
  const id = created.body.schedule_id;
  const succeeded = async () => (await rest.executions(id)).filter((one) => one.status === "succeeded");
  await expect.poll(async () => (await succeeded()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  const times = (await succeeded()).map((one) => Date.parse(one.scheduled_for)).reverse();
  for (const [i, time] of times.entries()) if (i > 0) expect(time - (times[i - 1] as number)).toBe(2000);

  const paused = await rest.post(`/admin/schedules/${id}/toggle`, { enabled: false, note: "maintenance" });
  expect(paused.body).toMatchObject({ status: "paused", pause_note: "maintenance" });
  const run = await rest.post(`/admin/schedules/${id}/execute`);
  expect(run.status).toBe(202);
  await expect
    .poll(async () => (await rest.get(`/admin/executions/${run.body.execution_id}`)).body)
    .toMatchObject({ status: "succeeded", trigger: "manual" });

  const resumed = await rest.post(`/admin/schedules/${id}/toggle`, { enabled: true, missed: "none" });
  expect(resumed.body).toMatchObject({ status: "active", pause_note: null });
  const current = await rest.get(`/admin/schedules/${id}`);
  const { version } = current.body;
  const stale = await rest.patch(`/admin/schedules/${id}`, { description: "x" }, { "if-match": `"${version - 1}"` });
  expect(stale.status).toBe(412);
  expect(stale.body).toMatchObject({ code: "version_stale", current_version: version });
  const edited = await rest.patch(
    `/admin/schedules/${id}`,
    { cron_expression: "0 0 1 1 *" },
    { "if-match": `"${version}"` },
  );
  expect(edited.body).toMatchObject({ version: version + 1, cron_expression: "0 0 1 1 *" });
  expect((await rest.delete(`/admin/schedules/${id}`)).status).toBe(204);
  const reused = await rest.post("/admin/schedules", { ...event, name, cron_expression: "0 0 1 1 *" });
  expect(reused.status).toBe(201);
  await rest.delete(`/admin/schedules/${reused.body.schedule_id}`);
});

test("a schedule beyond the horizon is stored in ClickHouse before it is acknowledged", async ({ request }) => {
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", { ...event, execution_time: inSeconds(25 * 3600) });
  expect(created.status).toBe(201);
  expect(created.body.tier).toBe("clickhouse");
  const listed = await rest.get(`/admin/schedules?tier=clickhouse&q=${created.body.schedule_id}`);
  expect(listed.body.items).toHaveLength(1);
  await rest.delete(`/admin/schedules/${created.body.schedule_id}`);
});

test("the same Idempotency-Key creates one schedule and is refused for another definition", async ({ request }) => {
  const rest = restClient(request);
  const key = { "idempotency-key": unique("key") };
  const definition = { ...event, execution_time: inSeconds(3600) };
  const first = await rest.post("/admin/schedules", definition, key);
  const again = await rest.post("/admin/schedules", definition, key);
  expect(again.body.schedule_id).toBe(first.body.schedule_id);
  const other = await rest.post("/admin/schedules", { ...definition, action: "other" }, key);
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  await rest.delete(`/admin/schedules/${first.body.schedule_id}`);
});

test("a batch creates the valid items and names the fault of each invalid item", async ({ request }) => {
  const rest = restClient(request);
  const items = [
    { ...event, execution_time: inSeconds(3600) },
    { ...event, cron_expression: "nonsense" },
    { ...event, max_retrys: 1 },
  ];
  const { status, body } = await rest.post("/admin/schedules/batch", { items });
  expect(status).toBe(207);
  expect(body.items[0].schedule_id).toBeTruthy();
  expect(body.items[1]).toMatchObject({ index: 1, error: { code: "cron_invalid" } });
  expect(body.items[2]).toMatchObject({ index: 2, error: { code: "validation_failed" } });
  await rest.delete(`/admin/schedules/${body.items[0].schedule_id}`);
});

const time = { execution_time: inSeconds(3600) };
const REFUSED_DEFINITIONS: [string, unknown, number, string, string][] = [
  ["neither cron nor time", { ...event }, 422, "validation_failed", "cron_expression"],
  [
    "both cron and time",
    { ...event, ...time, cron_expression: "* * * * *" },
    422,
    "validation_failed",
    "execution_time",
  ],
  [
    "an unknown zone",
    { ...event, cron_expression: "* * * * *", timezone: "Mars/Olympus" },
    422,
    "timezone_unknown",
    "timezone",
  ],
  ["a cron that never fires", { ...event, cron_expression: "0 0 30 2 *" }, 422, "cron_never_fires", "cron_expression"],
  ["a cron of seven fields", { ...event, cron_expression: "* * * * * * *" }, 422, "cron_invalid", "cron_expression"],
  ["a past time", { ...event, execution_time: "2020-01-01T00:00:00Z" }, 422, "execution_time_past", "execution_time"],
  ["a body that is not JSON", { ...event, ...time, body: "{no" }, 422, "validation_failed", "body"],
  ["a payload that is not an object", { ...event, ...time, payload: [1] }, 422, "validation_failed", "payload"],
  ["a topic with illegal characters", { ...event, ...time, topic: "a b/c" }, 422, "validation_failed", "topic"],
  ["an unknown field", { ...event, ...time, max_retrys: 3 }, 422, "validation_failed", "max_retrys"],
  ["too many retries", { ...event, ...time, max_retries: 11 }, 422, "validation_failed", "max_retries"],
];

for (const [what, data, status, code, field] of REFUSED_DEFINITIONS) {
  test(`${what} is refused with its code and field`, async ({ request }) => {
    const answer = await restClient(request).post("/admin/schedules", data);
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.body.errors.map((fault: { field: string }) => fault.field)).toContain(field);
  });
}

test("a payload above 1 MiB, a broken body, invalid limits and cursors get a 4xx, never a 500", async ({ request }) => {
  const rest = restClient(request);
  const big = await rest.post("/admin/schedules", { ...event, ...time, payload: { x: "y".repeat(1024 * 1024) } });
  expect(big).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
  const broken = await request.fetch("/admin/schedules", {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.E2E_API_KEY}`, "content-type": "application/json" },
    data: "{nope",
  });
  expect(broken.status()).toBe(400);
  for (const query of ["limit=0", "limit=1001", "cursor=abc", "status=nonsense", "sort=colour", "whatever=1"]) {
    const answer = await rest.get(`/admin/schedules?${query}`);
    expect(answer.status, query).toBeGreaterThanOrEqual(400);
    expect(answer.status, query).toBeLessThan(500);
  }
  expect((await rest.get("/admin/schedules/not-a-uuid")).status).toBe(404);
});

test("calls without credentials are refused, except for the short health response", async ({ request }) => {
  for (const path of [
    "/admin/schedules",
    "/admin/executions",
    "/api/v1/schedules/monitoring/stats",
    "/api/v1/schedules/monitoring/metrics",
  ]) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(401);
    expect(await answer.json(), path).toMatchObject({ code: "unauthenticated" });
  }
  const health = async () => {
    const answer = await request.get("/api/v1/schedules/monitoring/health");
    const { body } = await restClient(request).get("/api/v1/schedules/monitoring/health");
    // The reason appears in the failure message.
    return answer.ok() ? await answer.json() : { reason: JSON.stringify(body) };
  };
  await expect.poll(health, { timeout: 30_000 }).toEqual({ status: "healthy" });
});

test("a list is also served under the alias /api/v1/admin", async ({ request }) => {
  const rest = restClient(request);
  expect((await rest.get("/api/v1/admin/schedules?limit=1")).status).toBe(200);
});
