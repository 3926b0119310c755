import { describe, expect, it } from "vitest";
import { authFaultOf } from "./auth-call";

const faultOf = (body: unknown, more: { status?: number; retryAfter?: string } = {}) =>
  authFaultOf({ status: more.status ?? 422, body, retryAfter: more.retryAfter ?? null });

describe("errors of a refused request", () => {
  it("show the server's message", () => {
    expect(faultOf({ code: "unauthenticated", detail: "the e-mail or the password is wrong" })).toEqual({
      message: "The e-mail or the password is wrong.",
      code: "unauthenticated",
      fields: {},
    });
  });

  it("name each field with the expected value", () => {
    const errors = [{ field: "password", message: "is too short", expected: "at least 12 characters" }];
    expect(faultOf({ code: "validation_failed", detail: "no", errors }).fields).toEqual({
      password: "Is too short; expected at least 12 characters.",
    });
  });

  it.each([
    ["30", "Too many attempts. Try again in 30 seconds."],
    ["600", "Too many attempts. Try again in 10 minutes."],
    [undefined, "Too many attempts. Try again later."],
  ])("show the wait after too many attempts: %s", (retryAfter, message) => {
    expect(faultOf({ code: "rate_limited" }, { status: 429, retryAfter }).message).toBe(message);
  });

  it("show the status of a response that is not a problem document", () => {
    expect(faultOf(null, { status: 502 }).message).toContain("502");
  });
});
