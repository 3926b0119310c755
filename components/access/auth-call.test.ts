import { afterEach, describe, expect, it, vi } from "vitest";
import { authFaultOf, faultForInputs, signOutCall } from "./auth-call";

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

  it("show the errors of fields that a form does not have in the message", () => {
    const errors = [
      { field: "password", message: "is too short" },
      { field: "token", message: "is not valid" },
    ];
    const fault = faultOf({ code: "validation_failed", detail: "token: is not valid", errors });
    expect(faultForInputs(fault, new Set(["password"]))).toMatchObject({
      message: "token: Is not valid.",
      fields: { password: "Is too short." },
    });
    expect(faultForInputs(fault, new Set(["password", "token"])).message).toBe("");
    expect(faultForInputs(fault, new Set(["code"]))).toMatchObject({ message: "Token: is not valid.", fields: {} });
  });

  it.each([
    ["1", "Too many attempts. Try again in 1 second."],
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

describe("the sign-out", () => {
  afterEach(() => void vi.unstubAllGlobals());
  const signOutWith = (answer: () => Response) => {
    vi.stubGlobal("fetch", async () => answer());
    return signOutCall();
  };
  const problem = (status: number, code: string) => () => Response.json({ code, detail: "no" }, { status });

  it.each([
    [null, "/login?why=signed-out"],
    ["https://id.example/logout", "https://id.example/logout"],
  ])("opens the sign-in page or the provider's page: %s", async (url, address) => {
    expect(await signOutWith(() => Response.json({ ok: true, url }))).toEqual({ address });
  });

  it("opens the sign-in page if the session has ended before", async () => {
    expect(await signOutWith(problem(401, "unauthenticated"))).toEqual({ address: "/login?why=signed-out" });
  });

  it.each([
    ["Redis is down", problem(503, "redis_unavailable"), "No."],
    ["a proxy answers for the server", () => new Response("<html>", { status: 502 }), "The server answered 502."],
    ["a portal of the network answers", () => new Response("<html>"), "The answer is not from this product."],
    [
      "the network is down",
      () => {
        throw new TypeError("Failed to fetch");
      },
      "The server did not answer.",
    ],
  ])("fails if %s, because the session may still be open", async (_, answer, message) => {
    expect(await signOutWith(answer)).toMatchObject({ fault: { message: expect.stringContaining(message) } });
  });
});
