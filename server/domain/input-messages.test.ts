import { expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "./errors";
import { parseInput } from "./parse";
import { ScheduleInput } from "./schedule";

/** The message for the first invalid field; "" if the input is valid. */
function faultOf(schema: z.ZodType, input: unknown): string {
  try {
    parseInput(schema, input);
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).message;
  }
}

it.each([
  [{ name: "x".repeat(201) }, "name: must have at most 200 characters, got 201"],
  [{ tags: Array(51).fill("x") }, "tags: must have at most 50 items, got 51"],
  [{ name: 5 }, "name: must be a string, got a number"],
  [{ tags: "x" }, "tags: must be a list, got a string"],
  [{ enabled: "yes" }, "enabled: must be true or false, got a string"],
  [{ maxRetries: 11 }, "max_retries: must be at most 10, got 11"],
  [{ maxRetries: -1 }, "max_retries: must be at least 0, got -1"],
  [{ maxRetries: 1.5 }, "max_retries: must be a whole number, got 1.5"],
  [{ dstGap: "late" }, 'dst_gap: must be one of "first_valid", "skip", "shift", got "late"'],
  [{ actorType: null }, /^actor_type: must be one of "guest", .*, got null$/],
  [{ headers: { "a b": "x" } }, "headers.a b: the name must be printable ASCII without spaces"],
  [{ headers: { "": "x" } }, /headers.*: the name must not be empty/],
  [{ headers: { a: 1 } }, "headers.a: must be a string, got a number"],
  [{ catchUp: { maxRuns: 0 } }, "catch_up.max_runs: must be at least 1, got 0"],
])("the message for %j names the rule and, where it helps, the value", (input, expected) => {
  if (typeof expected === "string") expect(faultOf(ScheduleInput, input)).toBe(expected);
  else expect(faultOf(ScheduleInput, input)).toMatch(expected);
});

it("for a union, the message is about the alternative whose type the value has", () => {
  const tags = z.strictObject({ tag: z.union([z.string().max(2), z.array(z.string())]) });
  expect(faultOf(tags, { tag: "abc" })).toBe("tag: must have at most 2 characters, got 3");
});

it("a missing field is reported as required, and a secret is not repeated", () => {
  const account = z.strictObject({ email: z.email(), password: z.string().max(8) });
  expect(faultOf(account, { email: "a@b.example" })).toBe("password: is required and must be a string");
  expect(faultOf(account, { email: "a", password: "x" })).toBe("email: must be an e-mail address");
  expect(faultOf(account, { email: "a@b.example", password: "s3cret-s3cret" })).not.toContain("s3cret");
});
