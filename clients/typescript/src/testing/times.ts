import { fieldError } from "~/server/domain/errors";
import { readInstant } from "~/server/domain/instant";

/** A time in epoch ms. @throws AppError `validation_failed` that names the field */
export function msOf(time: unknown, field: string): number {
  const value = time instanceof Date ? time.getTime() : time;
  const isGiven = typeof value === "string" || typeof value === "number";
  const read = isGiven ? readInstant(value) : { fault: "must be an ISO 8601 time, an epoch or a Date" };
  if ("ms" in read) return read.ms;
  throw fieldError("validation_failed", { field, message: read.fault });
}
