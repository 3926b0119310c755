import { describe, expect, it } from "vitest";
import { authFaultOf } from "./auth-call";

const answer = (body: unknown, more: { status?: number; retryAfter?: string } = {}) =>
  authFaultOf({ status: more.status ?? 422, body, retryAfter: more.retryAfter ?? null });

describe("what a refusal says", () => {
  it("is the server's own sentence", () => {
    expect(answer({ code: "unauthenticated", detail: "the e-mail or the password is wrong" })).toEqual({
      message: "The e-mail or the password is wrong.",
      fields: {},
    });
  });

  it("names each field with what was expected", () => {
    const errors = [{ field: "password", message: "is too short", expected: "at least 12 characters" }];
    expect(answer({ code: "validation_failed", detail: "no", errors }).fields).toEqual({
      password: "Is too short; expected at least 12 characters.",
    });
  });

  it.each([
    ["30", "Too many attempts. Try again in 30 seconds."],
    ["600", "Too many attempts. Try again in 10 minutes."],
    [undefined, "Too many attempts. Try again later."],
  ])("gives the wait after too many tries: %s", (retryAfter, message) => {
    expect(answer({ code: "rate_limited" }, { status: 429, retryAfter }).message).toBe(message);
  });

  it("gives the status of an answer that is no problem document", () => {
    expect(answer(null, { status: 502 }).message).toContain("502");
  });
});
