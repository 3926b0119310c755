import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "zod";
import { CATCH_UP_POLICIES } from "~/server/domain/choices";
import { DstGap, DstOverlap, ScheduleInput } from "~/server/domain/schedule";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule-limits";
import { INTEGER_LIMITS, MAX_NAME_LENGTH, MAX_RUNS_LIMITS } from "./form-limits";
import { bodyFault } from "./json-body";

const text = (max: number) => z.string().trim().max(max, `At most ${max} characters`);
const required = (max: number) => text(max).min(1, "Required");
/** A number field is null while it is empty, which is an error. */
const wholeNumber = ({ min, max }: { min: number; max: number }) =>
  z
    .int("Enter a whole number")
    .min(min, `At least ${min}`)
    .max(max, `At most ${max}`)
    .nullable()
    .refine((value): boolean => value !== null, "Enter a number");

/** A partly entered time is not an ISO 8601 text. */
const instant = z
  .string()
  .nullable()
  .refine((value): boolean => value === null || !Number.isNaN(Date.parse(value)), "Complete the date and the time");

/** A header in the editor. A row without a name must be filled in or removed. */
const Header = z.object({
  name: z
    .string()
    .min(1, "A header needs a name")
    .max(256, "At most 256 characters")
    .regex(/^[\x21-\x7e]*$/, "Use printable ASCII without spaces"),
  value: z.string().max(8192, "At most 8192 characters"),
});

/** The values of the schedule form. The limits are those of `ScheduleInput`, so that errors show before the request. */
export const ScheduleForm = z
  .object({
    name: text(MAX_NAME_LENGTH),
    description: z.string().max(2000, "At most 2000 characters"),
    tags: z.array(z.string().max(64, "A tag has at most 64 characters")).max(50, "At most 50 tags"),
    enabled: z.boolean(),
    kind: z.enum(["recurring", "one_time"]),
    cronExpression: text(256),
    executionTime: instant,
    timezone: z.string().min(1, "Choose a time zone"),
    dstGap: DstGap,
    dstOverlap: DstOverlap,
    jitterSeconds: wholeNumber(INTEGER_LIMITS.jitterSeconds),
    startAt: instant,
    endAt: instant,
    maxRuns: z
      .int("Enter a whole number")
      .min(MAX_RUNS_LIMITS.min, `At least ${MAX_RUNS_LIMITS.min}`)
      .max(MAX_RUNS_LIMITS.max, `At most ${MAX_RUNS_LIMITS.max}`)
      .nullable(),
    topic: ScheduleInput.shape.topic.unwrap(),
    entityType: required(128),
    entityId: text(256),
    action: required(128),
    correlationId: text(512),
    headers: z.array(Header),
    body: z.string(),
    priority: wholeNumber(INTEGER_LIMITS.priority),
    maxRetries: wholeNumber(INTEGER_LIMITS.maxRetries),
    retryDelaySeconds: wholeNumber(INTEGER_LIMITS.retryDelaySeconds),
    maxDelaySeconds: wholeNumber(INTEGER_LIMITS.maxDelaySeconds),
    catchUpPolicy: z.enum(CATCH_UP_POLICIES),
    catchUpWindowSeconds: wholeNumber(INTEGER_LIMITS.catchUpWindowSeconds),
    catchUpMaxRuns: wholeNumber(INTEGER_LIMITS.catchUpMaxRuns),
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

export const resolveScheduleForm = zodResolver(ScheduleForm);
