import { z } from "zod";
import { Instant } from "~/server/domain/instant";
import { Id, Label, Line, SearchText } from "~/server/domain/text";
import { EXPORT_FIELDS } from "../export/inputs";

const list = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(50)]) as unknown as z.ZodType<z.infer<T>[]>;
const flag = z.union([z.boolean(), z.stringbool()]);

/** All conditions must match. */
export const AuditFilterInput = z.strictObject({
  from: Instant,
  to: Instant.optional(),
  /** A part of the actor's e-mail address or, without an address, of the name. */
  actor: SearchText.optional(),
  verb: list(Label(64)).optional(),
  /** The target: the id of a schedule, execution or bulk job, or a text such as `user:<id>` or `role:<name>`. */
  target: Label(200).optional(),
  result: Label(32).optional(),
  /** False leaves out the entries of the schedules of bulk jobs. */
  bulkItems: flag.optional(),
});
export type AuditFilterInput = z.infer<typeof AuditFilterInput>;

/** Shows the values of masked paths. Requires `payloads:read`, and is audited. */
const reveal = flag.optional();

export const ListAuditInput = AuditFilterInput.extend({
  reveal,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Line(2000).optional(),
});
export type ListAuditInput = z.infer<typeof ListAuditInput>;

export const ActivityInput = z.strictObject({
  scheduleId: Id,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Line(2000).optional(),
});
export type ActivityInput = z.infer<typeof ActivityInput>;

export const LastPausesInput = z.strictObject({ scheduleIds: z.array(Id).max(1000), from: Instant });
export type LastPausesInput = z.infer<typeof LastPausesInput>;

export const ExportAuditInput = AuditFilterInput.extend({ ...EXPORT_FIELDS, reveal });
export type ExportAuditInput = z.infer<typeof ExportAuditInput>;

export const VerifyAuditInput = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(5000)
    .describe("The maximum number of entries that this call checks."),
  cursor: Line(2000).optional(),
});
export type VerifyAuditInput = z.infer<typeof VerifyAuditInput>;
