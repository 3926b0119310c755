import type { Tool as Definition } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Right } from "~/server/domain/rights";
import { Line } from "~/server/domain/text";
import { wireSchema } from "~/server/rest/openapi/wire-schema";
import type { Ctx } from "~/server/services/ctx";

/** One call of a tool. */
export interface ToolCall<Input> {
  ctx: Ctx;
  input: Input;
  /** Identifies the request if it is repeated. Null if the client did not send the session id that it was given. */
  requestKey: string | null;
}

interface ToolSpec<I extends z.ZodObject, O extends z.ZodObject> {
  name: string;
  title: string;
  /** For the model: when to use the tool, and what it needs to know beyond the schemas. */
  description: string;
  /** The right that a caller needs; null: any API key. */
  right: Right | null;
  /** Only for tools that change something; hints for the client, which may ask its user before a call. */
  changes?: { destructive: boolean; idempotent: boolean };
  input: I;
  output: O;
  run(call: ToolCall<z.output<I>>): Promise<z.input<O>>;
}

/** A tool whose input and output are parsed by its schemas. Names are in camelCase. */
export type Tool = Omit<ToolSpec<z.ZodObject, z.ZodObject>, "run"> & {
  run(call: ToolCall<unknown>): Promise<Record<string, unknown>>;
  /** As `tools/list` answers it. */
  definition: Definition;
};

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(spec: ToolSpec<I, O>): Tool {
  const { name, title, description, input, output, changes } = spec;
  return {
    ...spec,
    run: (call) => spec.run(call as ToolCall<z.output<I>>),
    definition: {
      name,
      title,
      description,
      inputSchema: jsonSchema(input, "input"),
      outputSchema: jsonSchema(output, "output"),
      annotations: {
        title,
        readOnlyHint: changes === undefined,
        ...(changes && { destructiveHint: changes.destructive, idempotentHint: changes.idempotent }),
        openWorldHint: false,
      },
    },
  };
}

/** The JSON Schema with the names of the wire. Draft 7 is what clients of all protocol versions understand. */
function jsonSchema(schema: z.ZodObject, io: "input" | "output"): Definition["inputSchema"] {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    target: "draft-7",
    io,
    // A custom check accepts JSON objects only.
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema._zod.def.type === "custom") made.type = "object";
    },
  });
  return wireSchema(described) as Definition["inputSchema"];
}

/** The fields of a paged input. Pages are small, because an assistant reads all of what it gets. */
export const PageInput = {
  limit: z.int().min(1).max(50).default(20).describe("Maximum number of items of the page."),
  cursor: Line(2000).optional().describe("`next_cursor` of the page before; with the same other arguments."),
};

export const NextCursor = z
  .string()
  .nullable()
  .describe("Pass it as `cursor` to get the next page; null for the last page.");

const MAX_TEXT_CHARS = 400;

/** Cuts a text that other programs wrote, such as an error. */
export function cut(text: string, maxChars = MAX_TEXT_CHARS): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}… (${text.length} characters)`;
}

export const cutOrNull = (text: string | null) => (text === null ? null : cut(text));
