import { AppError, fieldError } from "~/server/domain/errors";
import { eachScalar, locationText, parseTree } from "~/server/domain/protection/json-tree";
import { MASK } from "~/server/domain/protection/mask-text";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule";
import { type PayloadFault, payloadOfValue } from "~/server/domain/topic-schema";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import { compileSchema, type PayloadCheck } from "./compile";
import type { CheckPayloadInput, TrySchemaInput } from "./inputs";

/**
 * Throws `validation_failed`, with up to 10 faults, if a payload does not agree with the schema of its topic.
 *
 * @param input.payload JSON text
 * @param input.rawValue whether `payload` is the complete value of a delayed message, which may have a `payload` field
 */
export function requireAgreement(input: {
  check: PayloadCheck | null;
  topic: string;
  payload: string;
  rawValue?: boolean;
}): void {
  const { check } = input;
  if (check === null) return;
  const faults = faultsOf(input.rawValue ? (value) => check(payloadOfValue(value)) : check, input.payload);
  const [first] = faults;
  if (first === undefined) return;
  throw new AppError("validation_failed", `${first.path}: ${first.message}`, {
    faults: faults.map(({ path, message }) => ({
      field: path,
      message,
      expected: `the payload schema of the topic "${input.topic}"`,
    })),
  });
}

/**
 * Returns whether a topic has a schema, and where a payload differs from the schema. Throws `validation_failed` for a
 * body that is not JSON, `payload_too_large`, and `forbidden` for a topic outside of the caller's scope.
 */
export async function checkPayload(call: {
  ctx: Ctx;
  input: CheckPayloadInput;
}): Promise<{ hasSchema: boolean; faults: PayloadFault[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  requireJson(input.body);
  const check = ctx.deps.topicSchemas.checkOf(input.topic);
  const faults = check === null ? [] : faultsOf(check, input.body);
  if (faults.length === 0 || ctx.deps.protection.of(input.topic) === null) return { hasSchema: check !== null, faults };
  // A mask stands for a stored value, which is checked when it replaces the mask.
  const masks = new Set<string>();
  eachScalar(parseTree(input.body), (scalar, location) => {
    if (scalar === MASK) masks.add(locationText("payload", location));
  });
  return { hasSchema: true, faults: faults.filter(({ path }) => !masks.has(path)) };
}

/**
 * Returns where a payload differs from an unsaved schema. Throws `validation_failed` for an invalid schema or a body
 * that is not JSON, and `payload_too_large`.
 */
export async function trySchema(call: { ctx: Ctx; input: TrySchemaInput }): Promise<{ faults: PayloadFault[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  requireJson(input.body);
  return { faults: faultsOf(compileSchema(input.schema), input.body) };
}

function requireJson(body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw fieldError("payload_too_large", {
      field: "body",
      message: `has ${bytes} bytes`,
      expected: `at most ${MAX_PAYLOAD_BYTES} bytes`,
    });
  }
  try {
    JSON.parse(body);
  } catch (error) {
    throw fieldError("validation_failed", {
      field: "body",
      message: `is not JSON: ${(error as Error).message}`,
      expected: "JSON text",
    });
  }
}

/** `text` must be valid JSON. */
const faultsOf = (check: PayloadCheck, text: string): PayloadFault[] => check(JSON.parse(text));
