import { z } from "zod";
import { JsonText } from "~/server/domain/json-text";
import { wireField } from "~/server/domain/wire";
import type { DescribedSpec, Method } from "../handler";

/** The input of a call, split by the part of the request that each field comes from. Names are as in the request. */
export interface RequestParts {
  path: z.ZodObject;
  query: z.ZodObject;
  hasIfMatch: boolean;
  /** Null for a call without a body. */
  body: z.ZodType | null;
}

const MARKER_VERSION = 7;
const MARKER_QUERY = "aQueryField";
const MARKER_BODY = "aBodyField";

/**
 * Finds the part of the request that each field comes from: passes a request of marker values through `inputFrom`, and
 * looks for each marker in the result. `parameters` are the path parameters, such as `id`.
 */
export function requestParts(
  spec: DescribedSpec,
  { method, parameters }: { method: Method; parameters: readonly string[] },
): RequestParts {
  const params = Object.fromEntries(parameters.map((name) => [name, `param:${name}`]));
  const body = { [MARKER_BODY]: MARKER_BODY };
  const bodyText = new JsonText('"text"', 1);
  const headers = new Headers({ "if-match": `"${MARKER_VERSION}"` });
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  const byDefault = () => ({ [MARKER_QUERY]: MARKER_QUERY, ...(hasBody ? body : {}) });
  const mapped: Record<string, unknown> =
    spec.inputFrom?.({ params, query: { [MARKER_QUERY]: MARKER_QUERY }, body, bodyText, headers }) ?? byDefault();
  const shape = spec.input instanceof z.ZodObject ? spec.input.shape : {};
  const origin = (field: string) => Object.entries(params).find(([, value]) => mapped[field] === value)?.[0];

  const path: Record<string, z.ZodType> = Object.fromEntries(parameters.map((name) => [name, z.string()]));
  const rest: Record<string, z.ZodType> = {};
  let wholeBody: z.ZodType | null = null;
  let hasIfMatch = false;
  for (const [field, type] of Object.entries(shape) as [string, z.ZodType][]) {
    const parameter = origin(field);
    if (parameter !== undefined) path[parameter] = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
    else if (field === "idempotencyKey") continue;
    else if (mapped[field] === MARKER_VERSION) hasIfMatch = true;
    else if (mapped[field] === body || mapped[field] === bodyText || mapped[field] === bodyText.text) wholeBody = type;
    else rest[wireField([field])] = type;
  }
  const inBody = hasBody && MARKER_BODY in mapped;
  const fieldsOfBody = inBody && Object.keys(rest).length > 0 ? z.strictObject(rest) : null;
  return {
    path: z.object(path),
    query: z.object(!inBody && MARKER_QUERY in mapped ? rest : {}),
    hasIfMatch,
    body: wholeBody ?? fieldsOfBody,
  };
}
