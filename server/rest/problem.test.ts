import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "~/server/domain/errors";
import { problemResponse, TITLES } from "./problem";

const respond = (error: AppError) => problemResponse({ error, instance: "/admin/schedules", requestId: "r-1" });

/** The status codes of contract §9. */
const STATUS: Record<ErrorCode, number> = {
  validation_failed: 422,
  body_invalid: 400,
  payload_too_large: 413,
  head_too_large: 431,
  cron_invalid: 422,
  cron_never_fires: 422,
  cron_too_frequent: 422,
  timezone_unknown: 422,
  execution_time_past: 422,
  delay_too_long: 422,
  cursor_invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  name_taken: 409,
  conflict: 409,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  version_stale: 412,
  rate_limited: 429,
  redis_unavailable: 503,
  clickhouse_unavailable: 503,
  bus_unavailable: 503,
  query_timeout: 503,
  may_have_been_kept: 503,
  internal: 500,
};

describe("a problem", () => {
  it.each(Object.entries(STATUS) as [ErrorCode, number][])("of code %s has status %i", async (code, status) => {
    const response = respond(new AppError(code, "In words."));
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-request-id")).toBe("r-1");
    expect(await response.json()).toEqual({
      type: `urn:stufio:problem:${code}`,
      title: TITLES[code],
      status,
      code,
      detail: "In words.",
      instance: "/admin/schedules",
      request_id: "r-1",
    });
  });

  it("contains the invalid fields and the error's details", async () => {
    const faults = [{ field: "catch_up.max_runs", message: "is too large", expected: "1 to 10000" }];
    const error = new AppError("version_stale", "Stale.", { faults, details: { currentVersion: 4 } });
    expect(await respond(error).json()).toMatchObject({ errors: faults, current_version: 4 });
  });

  it("keeps its own members if the error's details have the same names", async () => {
    const error = new AppError("conflict", "x", { details: { status: 200, code: "fine" } });
    expect(await respond(error).json()).toMatchObject({ status: 409, code: "conflict" });
  });

  it.each([
    ["unauthenticated", "www-authenticate", "Bearer"],
    ["redis_unavailable", "retry-after", "5"],
  ] as const)("of code %s has the header %s", (code, header, value) => {
    expect(respond(new AppError(code, "x")).headers.get(header)).toBe(value);
  });

  it("of code rate_limited has a Retry-After with the remaining time of the limit", () => {
    const error = new AppError("rate_limited", "x", { details: { retryAfterSeconds: 42 } });
    expect(respond(error).headers.get("retry-after")).toBe("42");
  });
});
