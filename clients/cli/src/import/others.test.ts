import { describe, expect, it } from "vitest";
import { importEventBridge } from "./eventbridge.js";
import { importKubernetes } from "./kubernetes.js";
import { instantIn } from "./local-time.js";

const OPTIONS = { owner: "ops", topic: "jobs", timezone: "UTC" };

const cronJob = (spec: string) => `apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: billing }
spec:
${spec.replace(/^/gm, "  ")}
  jobTemplate: { spec: { template: { spec: { containers: [{ image: "report:1", command: [run], args: ["--all"] }] } } } }
`;
const fromKubernetes = (spec: string) => {
  const { document, remarks } = importKubernetes(cronJob(spec), OPTIONS);
  return {
    entry: document.schedules[0],
    remarks: remarks.map(({ kind, message }) => `${kind}: ${message}`).join("\n"),
  };
};

describe("a CronJob", () => {
  it("keeps zone, clock changes, deadline and suspension", () => {
    const { entry, remarks } = fromKubernetes(
      'schedule: "30 2 * * *"\ntimeZone: Europe/Berlin\nstartingDeadlineSeconds: 600\nsuspend: true\nconcurrencyPolicy: Forbid',
    );
    expect(entry).toEqual({
      ...{ name: "ops: billing/report", topic: "jobs", entity_type: "cron_job", action: "run", enabled: false },
      ...{ cron_expression: "30 2 * * *", timezone: "Europe/Berlin", dst_gap: "skip", dst_overlap: "both" },
      catch_up: { policy: "last", window_seconds: 600 },
      payload: { job: "billing/report", image: "report:1", command: ["run"], args: ["--all"] },
    });
    expect(remarks).toMatch(/differs: concurrencyPolicy: Forbid/);
    expect(remarks).toMatch(/kept: Clock changes/);
  });

  it.each([
    ['schedule: "CRON_TZ=Asia/Tokyo 0 5 * * ?"', { cron_expression: "0 5 * * *", timezone: "Asia/Tokyo" }],
    ['schedule: "@every 2h"', { cron_expression: "0 */2 * * *", timezone: "UTC" }],
    ['schedule: "0 5 * * 1/3"', { cron_expression: "0 5 * * 1-6/3" }],
    ['schedule: "0 5 * * MON/3,0"', { cron_expression: "0 5 * * MON-6/3,0" }],
    ['schedule: "0 5 * * */2"', { cron_expression: "0 5 * * */2" }],
    ['schedule: "@weekly"', { cron_expression: "@weekly", timezone: "UTC" }],
  ])("%s", (spec, expected) => {
    expect(fromKubernetes(spec).entry).toMatchObject(expected);
  });

  it.each([
    ['schedule: "@every 7m"', "no cron expression fires every 7 minutes"],
    ['schedule: "0 5 * * * *"', "has 6 fields"],
    ["suspend: true", "spec.schedule is missing"],
  ])("%s is left out: %s", (spec, reason) => {
    const { entry, remarks } = fromKubernetes(spec);
    expect(entry).toBeUndefined();
    expect(remarks).toContain(`skipped: `);
    expect(remarks).toContain(reason);
  });

  it("is found among several documents and in a List, and other kinds are skipped with their line", () => {
    const list =
      'kind: List\nitems:\n- kind: Service\n- kind: CronJob\n  metadata: { name: a }\n  spec: { schedule: "@daily" }\n';
    const { document, remarks } = importKubernetes(`${cronJob('schedule: "0 5 * * *"')}---\n${list}`, OPTIONS);
    expect(document.schedules.map(({ name }) => name)).toEqual(["ops: billing/report", "ops: a"]);
    expect(remarks.find(({ kind }) => kind === "skipped")).toMatchObject({ line: 10, name: "without a name" });
  });
});

const fromEventBridge = (schedule: object) => {
  const { document, remarks } = importEventBridge(JSON.stringify({ Name: "s", ...schedule }), OPTIONS);
  return {
    entry: document.schedules[0],
    remarks: remarks.map(({ kind, message }) => `${kind}: ${message}`).join("\n"),
  };
};

describe("a schedule of EventBridge", () => {
  it.each([
    ["cron(0 9 ? * 2-6 *)", { cron_expression: "0 9 * * 1-5" }],
    ["cron(0 9 ? * MON-FRI *)", { cron_expression: "0 9 * * MON-FRI" }],
    ["cron(0 9 ? * 6L *)", { cron_expression: "0 9 * * 5L" }],
    ["cron(0 9 ? * 2#1 *)", { cron_expression: "0 9 * * 1#1" }],
    ["cron(0 9 ? * 2/3 *)", { cron_expression: "0 9 * * 1-6/3" }],
    ["cron(0/15 * L * ? *)", { cron_expression: "0/15 * L * *" }],
    ["cron(0 0 1 1 ? 2027)", { start_at: "2027-01-01T00:00:00.000Z", end_at: "2027-12-31T23:59:59.000Z" }],
    ["rate(5 minutes)", { cron_expression: "*/5 * * * *", timezone: "UTC" }],
    ["rate(1 day)", { cron_expression: "0 0 * * *" }],
    ["at(2027-03-28T01:30:00)", { execution_time: "2027-03-28T01:30:00.000Z" }],
  ])("%s", (ScheduleExpression, expected) => {
    expect(fromEventBridge({ ScheduleExpression }).entry).toMatchObject(expected);
  });

  it.each([
    ["cron(0 9 15W * ? *)", "the nearest weekday, is not supported"],
    ["cron(0 9 ? * L *)", 'day of week "L" is not supported'],
    ["cron(0 9 * * ? 2027,2029)", 'year "2027,2029"'],
    ["rate(7 minutes)", "no cron expression fires every 7 minutes"],
    ["rate(7 days)", "needs a start date"],
    ["every day", "is not at(…), rate(…) or cron(…)"],
  ])("%s is left out: %s", (ScheduleExpression, reason) => {
    const { entry, remarks } = fromEventBridge({ ScheduleExpression });
    expect(entry).toBeUndefined();
    expect(remarks).toContain(reason);
  });

  it("counts a rate from its start date", () => {
    const at = (ScheduleExpression: string, StartDate = "2027-03-23T10:07:00+01:00") =>
      fromEventBridge({ ScheduleExpression, StartDate }).entry;
    expect(at("rate(20 minutes)")).toMatchObject({ cron_expression: "7-59/20 * * * *" });
    expect(at("rate(6 hours)")).toMatchObject({ cron_expression: "7 3-23/6 * * *" });
    expect(at("rate(7 days)")).toMatchObject({ cron_expression: "7 9 * * 2", start_at: "2027-03-23T09:07:00.000Z" });
    expect(at("rate(5 minutes)", "2027-03-23T09:07:30.250Z")).toMatchObject({
      cron_expression: "30 2-59/5 * * * *",
      start_at: "2027-03-23T09:07:30.000Z",
    });
    expect(at("rate(1 day)", "2027-03-23T09:07:05Z")).toMatchObject({ cron_expression: "5 7 9 * * *" });
  });

  it.each([
    ["2-6", true],
    ["MON,3#2", true],
    ["FRI#2", false],
    ["MON-FRI/2", false],
    ["?", false],
  ])("with the days %s has a remark about their numbers: %s", (days, isRemarked) => {
    const { remarks } = fromEventBridge({ ScheduleExpression: `cron(0 9 ? * ${days} *)` });
    expect(remarks.includes("Days of the week are counted")).toBe(isRemarked);
  });

  it("has no bounds if its dates are null", () => {
    const { entry } = fromEventBridge({
      ...{ ScheduleExpression: "cron(0 9 * * ? *)", StartDate: null as never, EndDate: null as never },
    });
    expect(entry).toMatchObject({ cron_expression: "0 9 * * *" });
    expect(entry).not.toHaveProperty("start_at");
  });

  it.each([
    [{ StartDate: "soon" }, 'StartDate "soon" is not a time'],
    [{ EndDate: { Ref: "End" } as never }, 'EndDate {"Ref":"End"} is not a time'],
  ])("leaves out a schedule with %j", (date, reason) => {
    const { entry, remarks } = fromEventBridge({ ScheduleExpression: "cron(0 9 * * ? *)", ...date });
    expect(entry).toBeUndefined();
    expect(remarks).toContain(reason);
  });

  it("keeps zone, flexible window, state, retries and input, and reports what differs", () => {
    const { entry, remarks } = fromEventBridge({
      ...{
        GroupName: "billing",
        ScheduleExpression: "cron(30 2 * * ? *)",
        ScheduleExpressionTimezone: "Europe/Berlin",
      },
      ...{ State: "DISABLED", FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 } },
      Target: {
        ...{ Arn: "arn:aws:lambda:eu-central-1:1:function:f", Input: '{"n":1}' },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: "arn:aws:sqs:eu-central-1:1:q" },
      },
    });
    expect(entry).toMatchObject({
      ...{ name: "ops: billing/s", enabled: false, timezone: "Europe/Berlin", dst_gap: "skip", dst_overlap: "first" },
      ...{ jitter_seconds: 900, max_retries: 10, max_delay_seconds: 3600, payload: { n: 1 } },
      description: "Target: arn:aws:lambda:eu-central-1:1:function:f",
    });
    for (const what of ["flexible window", "MaximumRetryAttempts: 185", "dead-letter queue"]) {
      expect(remarks).toContain(what);
    }
  });

  it("is found in a template of CloudFormation", () => {
    const template = {
      Resources: {
        Nightly: { Type: "AWS::Scheduler::Schedule", Properties: { ScheduleExpression: "rate(1 hour)" } },
        Queue: { Type: "AWS::SQS::Queue" },
      },
    };
    const { document } = importEventBridge(JSON.stringify(template), OPTIONS);
    expect(document.schedules).toMatchObject([{ name: "ops: Nightly", cron_expression: "0 * * * *" }]);
  });

  it("that is no JSON or has no schedules is refused", () => {
    expect(() => importEventBridge("{", OPTIONS)).toThrow();
    expect(() => importEventBridge("{}", OPTIONS)).toThrow("has no schedules");
  });
});

it.each([
  ["Europe/Berlin", "2027-07-01T12:00:00", "2027-07-01T10:00:00Z"],
  ["Europe/Berlin", "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"],
  ["Europe/Berlin", "2027-10-31T02:30:00", "2027-10-31T00:30:00Z"],
  ["America/New_York", "2027-01-01T00:00:00", "2027-01-01T05:00:00Z"],
])("in %s, %s is %s", (zone, local, utc) => {
  expect(new Date(instantIn(zone, local)).toISOString()).toBe(new Date(utc).toISOString());
});
