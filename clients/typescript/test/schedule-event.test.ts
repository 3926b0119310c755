import { afterAll, beforeAll, expect, it } from "vitest";
import { createSchedulesClient, type SchedulesClient } from "../src/client.js";
import { type NamedEvent, scheduledDefinition } from "../src/definition.js";
import { stringifyJson } from "../src/json.js";
import { startRecordingServer } from "./recording-server.js";

const ID = "0190f3a0-0000-7000-8000-000000000001";
const REMINDER = { topic: "user.notifications", entityType: "user", action: "send_reminder", payload: { user_id: 1 } };
const EVENT = { entityType: "report", action: "generate" };

let server: Awaited<ReturnType<typeof startRecordingServer>>;
beforeAll(async () => {
  server = await startRecordingServer(stringifyJson);
});
afterAll(() => server.stop());

/** The result of a call, and the body of its only request. */
async function sent(call: (client: SchedulesClient) => Promise<string>) {
  const requests = server.record([{ status: 201, body: { schedule_id: ID } }]);
  const result = await call(createSchedulesClient({ url: server.url, apiKey: "key", retries: 0 }));
  expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual(["POST /admin/schedules"]);
  return { result, body: JSON.parse(requests[0]?.body ?? ""), key: requests[0]?.headers["idempotency-key"] };
}

it("schedules an event by cron under a name", async () => {
  const named = {
    ...{ name: "Daily report", event: { topic: "reports", ...EVENT }, payload: { kind: "daily" }, entityId: "7" },
    ...{ cronExpression: "0 9 * * *", timezone: "Europe/Berlin", description: "For sales", tags: ["sales"] },
  };
  const { result, body, key } = await sent((client) => client.scheduleEvent(named, { idempotencyKey: "once" }));
  expect([result, key]).toEqual([ID, "once"]);
  expect(body).toEqual({
    ...{ name: "Daily report", description: "For sales", tags: ["sales"] },
    ...{ topic: "reports", entity_type: "report", action: "generate", entity_id: "7", payload: { kind: "daily" } },
    ...{ cron_expression: "0 9 * * *", timezone: "Europe/Berlin" },
  });
});

it("schedules an event once under a name, without a topic of its own", async () => {
  const { body } = await sent((client) =>
    client.scheduleEvent({ name: "Once", event: EVENT, executionTime: new Date("2027-03-01T09:00:00Z"), body: "{}" }),
  );
  const definition = { name: "Once", entity_type: "report", action: "generate", body: "{}" };
  expect(body).toEqual({ ...definition, execution_time: "2027-03-01T09:00:00.000Z" });
});

it("takes a named event with either executionTime or cronExpression", () => {
  const at = { executionTime: "2027-03-01T09:00:00Z" };
  const cron = { cronExpression: "0 9 * * *" };
  const named = { name: "Daily report", event: EVENT };
  const valid: NamedEvent[] = [
    { ...named, ...at },
    { ...named, ...cron, timezone: "Europe/Berlin" },
  ];
  // @ts-expect-error: a named event without a time.
  const neither: NamedEvent = named;
  // @ts-expect-error: a named event with two kinds of times.
  const both: NamedEvent = { ...named, ...at, ...cron };
  expect([...valid, neither, both].map(scheduledDefinition)).toMatchObject([
    { execution_time: at.executionTime },
    { cron_expression: cron.cronExpression, timezone: "Europe/Berlin" },
    { name: "Daily report" },
    { execution_time: at.executionTime, cron_expression: cron.cronExpression },
  ]);
});

it("publishes an event now", async () => {
  const { result, body, key } = await sent((client) => client.publish(REMINDER));
  const { execution_time: time, ...content } = body;
  expect([result, key]).toEqual([ID, expect.stringMatching(/./)]);
  expect(content).toEqual({
    topic: "user.notifications",
    ...{ entity_type: "user", action: "send_reminder", payload: { user_id: 1 } },
  });
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
});
