import { TITLES } from "../problem";

/** Problem details (RFC 9457). Some codes add members, such as `current_version`. */
export const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "detail", "instance", "request_id"],
  properties: {
    type: { type: "string", description: "`urn:stufio:problem:` and the code." },
    title: { type: "string" },
    status: { type: "integer", description: "The HTTP status." },
    code: {
      type: "string",
      enum: Object.keys(TITLES),
      description:
        "The error code, for programs. It does not change between releases. `may_have_been_kept`: the change was not confirmed in time, but may have been stored; repeat the call, with the same `Idempotency-Key` if it had one.",
    },
    detail: { type: "string", description: "A sentence for people: what failed and why." },
    instance: { type: "string", description: "The path of the request; `/` if it is not known." },
    request_id: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["field", "message"],
        properties: {
          field: { type: "string", description: "The field at fault, dotted if it is nested." },
          message: { type: "string" },
          expected: { type: "string" },
        },
      },
    },
  },
} as const;
