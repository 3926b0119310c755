import { fieldError } from "~/server/domain/errors";
import { JsonText, jsonDepth, requireSoundJson } from "~/server/domain/json-text";
import { MAX_PAYLOAD_BYTES, type ScheduleInput } from "~/server/domain/schedule";

/**
 * Returns `payload` as JSON text, unchanged if the transport kept its text, or `body`. Throws `validation_failed`,
 * `payload_too_large`.
 */
export function payloadText(input: Pick<ScheduleInput, "payload" | "body">): string {
  if (input.payload !== undefined && input.body !== undefined) {
    throw fieldError("validation_failed", {
      field: "body",
      message: "cannot be combined with payload",
      expected: "one of payload (an object) and body (its JSON text)",
    });
  }
  const field = input.body === undefined ? "payload" : "body";
  const text = input.body ?? objectText(input.payload ?? {});
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw fieldError("payload_too_large", {
      field,
      message: `has ${bytes} bytes`,
      expected: `at most ${MAX_PAYLOAD_BYTES} bytes of JSON`,
    });
  }
  if (input.body !== undefined) requireObject(input.body);
  const json = input.payload instanceof JsonText ? input.payload : new JsonText(text, jsonDepth(text));
  requireSoundJson(json, field);
  return text;
}

/** A caller in code may pass a value that JSON cannot represent (a cycle, a BigInt, or very deep nesting). */
function objectText(payload: NonNullable<ScheduleInput["payload"]>): string {
  if (payload instanceof JsonText) return payload.text;
  try {
    return JSON.stringify(payload);
  } catch (error) {
    const message =
      error instanceof RangeError
        ? "is nested too deep"
        : `cannot be written as JSON: ${(error as Error).message.split("\n")[0]}`;
    throw fieldError("validation_failed", { field: "payload", message, expected: "a JSON object" });
  }
}

function requireObject(text: string): void {
  const expected = "the text of a JSON object";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fieldError("validation_failed", {
      field: "body",
      message: `is not JSON: ${(error as Error).message}`,
      expected,
    });
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fieldError("validation_failed", { field: "body", message: "is JSON, but not an object", expected });
  }
}
