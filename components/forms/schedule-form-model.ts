import { z } from "zod";
import { DstGap, DstOverlap, MAX_PAYLOAD_BYTES, ScheduleInput } from "~/server/domain/schedule";
import { bodyFault } from "./json-body";

const text = (max: number) => z.string().trim().max(max, `At most ${max} characters`);
const required = (max: number) => text(max).min(1, "Required");
/** A number field is null while it is empty, which is an error. */
const whole = ({ min, max }: { min: number; max: number }) =>
  z
    .int("Enter a whole number")
    .min(min, `At least ${min}`)
    .max(max, `At most ${max}`)
    .nullable()
    .refine((value): boolean => value !== null, "Enter a number");
const instant = z.string().nullable();

/** A header in the editor; `name` and `value` are both empty in a new row. */
const Header = z.object({
  name: z
    .string()
    .min(1, "A header needs a name")
    .max(256)
    .regex(/^[\x21-\x7e]*$/, "Use printable ASCII without spaces"),
  value: z.string().max(8192, "At most 8192 characters"),
});

/**
 * The values of the schedule form. Its limits are those of `ScheduleInput`, so that most errors show before the
 * request; the server validates again.
 */
export const ScheduleForm = z
  .object({
    name: text(200),
    description: z.string().max(2000, "At most 2000 characters"),
    tags: z.array(z.string().max(64, "A tag has at most 64 characters")).max(50, "At most 50 tags"),
    enabled: z.boolean(),
    kind: z.enum(["recurring", "one_time"]),
    cronExpression: text(256),
    executionTime: instant,
    timezone: z.string().min(1, "Choose a time zone"),
    dstGap: DstGap,
    dstOverlap: DstOverlap,
    jitterSeconds: whole({ min: 0, max: 86_400 }),
    startAt: instant,
    endAt: instant,
    maxRuns: z.int("Enter a whole number").min(1, "At least 1").max(1_000_000_000).nullable(),
    topic: ScheduleInput.shape.topic.unwrap(),
    entityType: required(128),
    entityId: text(256),
    action: required(128),
    correlationId: text(512),
    headers: z.array(Header),
    body: z.string(),
    priority: whole({ min: 0, max: 9 }),
    maxRetries: whole({ min: 0, max: 10 }),
    retryDelaySeconds: whole({ min: 1, max: 3600 }),
    maxDelaySeconds: whole({ min: 1, max: 31_536_000 }),
    catchUpPolicy: z.enum(["none", "last", "all"]),
    catchUpWindowSeconds: whole({ min: 0, max: 31_536_000 }),
    catchUpMaxRuns: whole({ min: 1, max: 10_000 }),
  })
  .superRefine((values, context) => {
    const fault = (field: keyof typeof values, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (values.kind === "recurring" && values.cronExpression === "") fault("cronExpression", "Enter a cron expression");
    if (values.kind === "one_time" && values.executionTime === null) fault("executionTime", "Choose a date and time");
    if (values.startAt && values.endAt && Date.parse(values.endAt) <= Date.parse(values.startAt)) {
      fault("endAt", "Must be after the start");
    }
    const names = values.headers.map((header) => header.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index) {
        context.addIssue({ code: "custom", path: ["headers", index, "name"], message: "Duplicate header name" });
      }
    }
    const body = bodyFault(values.body, MAX_PAYLOAD_BYTES);
    if (body) fault("body", body);
  });
export type ScheduleFormValues = z.infer<typeof ScheduleForm>;

export const FIELD_LABELS: Record<keyof ScheduleFormValues, string> = {
  name: "Name",
  description: "Description",
  tags: "Tags",
  enabled: "Enabled",
  kind: "Kind",
  cronExpression: "Cron expression",
  executionTime: "Time",
  timezone: "Time zone",
  dstGap: "Daylight saving: when the run time does not exist",
  dstOverlap: "Daylight saving: when the run time occurs twice",
  jitterSeconds: "Jitter",
  startAt: "Start",
  endAt: "End",
  maxRuns: "Maximum runs",
  topic: "Topic",
  entityType: "Entity type",
  entityId: "Entity id",
  action: "Action",
  correlationId: "Correlation id",
  headers: "Headers",
  body: "Payload",
  priority: "Priority",
  maxRetries: "Maximum retries",
  retryDelaySeconds: "Retry delay",
  maxDelaySeconds: "Maximum delay",
  catchUpPolicy: "Catch-up",
  catchUpWindowSeconds: "Catch-up window",
  catchUpMaxRuns: "Maximum catch-up runs",
};
