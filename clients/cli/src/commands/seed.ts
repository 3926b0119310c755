import { randomUUID } from "node:crypto";
import { dataOf, type ScheduleDefinition } from "@stufio/schedules-client";
import { type AddCommands, numberIn, withExamples } from "../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../confirm.js";
import type { Context } from "../context.js";
import { EXIT, type ExitCode } from "../exit.js";
import { finishJob } from "../job.js";

interface SeedOptions extends ConfirmOptions {
  schedules: number;
  topicPrefix: string;
  disabled?: boolean;
  remove?: boolean;
}

const BATCH = 500;
const MAX_SCHEDULES = 100_000;
/** The tag by which seeded schedules are found again. */
const TAG = "seed";
const MINUTE_MS = 60_000;

/** Adds `seed`. */
export const addSeed: AddCommands = (program, perform) => {
  const seed = program
    .command("seed")
    .description(`Create example schedules with the tag "${TAG}", which publish to topics of their own`)
    .option("--schedules <n>", "number of schedules, 100 by default", numberIn(1, MAX_SCHEDULES), 100)
    .option("--topic-prefix <prefix>", "beginning of their topics", "seed.")
    .option("--disabled", "create them without firing them")
    .option("--remove", `delete all schedules with the tag "${TAG}" instead`);
  addYesOption(seed).action((options: SeedOptions) =>
    perform(seed, (context) => (options.remove ? removeAll(context, options) : createAll(context, options))),
  );
  withExamples(seed, ["seed", "seed --schedules 5000 --disabled --yes", "seed --remove"]);
};

async function createAll(context: Context, options: SeedOptions): Promise<ExitCode> {
  const { schedules: total, topicPrefix, disabled } = options;
  await confirm(context, `Create ${total} schedules at ${context.target.url}?`, options);
  const client = await context.client();
  const run = randomUUID().slice(0, 8);
  let created = 0;
  let fault: string | null = null;
  for (let from = 0; from < total; from += BATCH) {
    const items = Array.from({ length: Math.min(BATCH, total - from) }, (_, i) =>
      example({ index: from + i, run, topicPrefix, nowMs: context.io.now(), isEnabled: !disabled }),
    );
    const params = { header: { "Idempotency-Key": randomUUID() } };
    const answer = dataOf(
      await client.api.POST("/admin/schedules/batch", { body: { items }, params, ...context.call }),
    );
    for (const item of answer.items) {
      if ("error" in item) fault ??= item.error.detail;
      else created += 1;
    }
    context.progress.update(`${Math.min(total, from + BATCH)} of ${total}`);
  }
  context.progress.end();
  context.print.done(`Created ${created} of ${total} schedules`, { created, failed: total - created, fault });
  if (fault !== null) context.note(`The first refusal: ${fault}`);
  return fault === null ? EXIT.ok : EXIT.failure;
}

async function removeAll(context: Context, options: SeedOptions): Promise<ExitCode> {
  const client = await context.client();
  const target = { action: "delete", filter: { tag: TAG } } as const;
  const preview = dataOf(
    await client.api.POST("/admin/schedules/bulk", { body: { ...target, dry_run: true }, ...context.call }),
  );
  const count = "count" in preview ? preview.count : 0;
  if (count === 0) {
    context.print.done("There is nothing to delete", { deleted: 0 });
    return EXIT.ok;
  }
  await confirm(context, `Delete ${count} schedules with the tag "${TAG}" at ${context.target.url}?`, options);
  const params = { header: { "Idempotency-Key": randomUUID() } };
  const job = dataOf(await client.api.POST("/admin/schedules/bulk", { body: target, params, ...context.call }));
  if (!("job_id" in job)) throw new Error("The server answered with a preview.");
  return finishJob(context, job, "Deleted");
}

const EXAMPLES = [
  { topic: "reports", entity_type: "report", action: "generate" },
  { topic: "billing", entity_type: "invoice_run", action: "start" },
  { topic: "notifications", entity_type: "user", action: "send_reminder" },
  { topic: "maintenance", entity_type: "cache", action: "refresh" },
] as const;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"] as const;

/** Three of four schedules are recurring, at most once in five minutes. */
function example(input: {
  index: number;
  run: string;
  topicPrefix: string;
  nowMs: number;
  isEnabled: boolean;
}): ScheduleDefinition {
  const { index, run, topicPrefix, nowMs, isEnabled } = input;
  const kind = EXAMPLES[index % EXAMPLES.length] as (typeof EXAMPLES)[number];
  const minute = (index * 7) % 60;
  const crons = [`${minute % 5}-59/5 * * * *`, `${minute} * * * *`, `${minute} ${index % 24} * * *`];
  const times =
    index % 4 === 3
      ? { execution_time: new Date(nowMs + (5 + (index % 1440)) * MINUTE_MS).toISOString() }
      : { cron_expression: crons[index % 3] as string, timezone: ZONES[index % ZONES.length] as string };
  return {
    ...{ name: `Seed ${run} ${index + 1}`, tags: [TAG], enabled: isEnabled, ...times },
    ...{ topic: `${topicPrefix}${kind.topic}`, entity_type: kind.entity_type, action: kind.action },
    payload: { number: index + 1 } as never,
  };
}
