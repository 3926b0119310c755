import { SchedulesError } from "@stufio/schedules-client";
import { describe, expect, it } from "vitest";
import { CliError, EXIT, usageError } from "./exit.js";
import { failureOf, reportFailure } from "./report.js";

const plain = (_: string, text: string) => text;
const answer = (status: number, code: string, more: object = {}) =>
  new SchedulesError({
    code: code as SchedulesError["code"],
    message: `It failed with ${status}.`,
    status,
    problem: { code, request_id: "0190", ...more },
  });

describe("the exit code", () => {
  it.each([
    ["of invalid input", answer(422, "validation_failed"), EXIT.failure],
    ["of a conflict", answer(409, "name_taken"), EXIT.failure],
    ["of a stale version", answer(412, "version_stale"), EXIT.failure],
    ["of an unknown id", answer(404, "not_found"), EXIT.notFound],
    ["of an unknown key", answer(401, "unauthenticated"), EXIT.refused],
    ["of a missing right", answer(403, "forbidden"), EXIT.refused],
    ["of too many calls", answer(429, "rate_limited"), EXIT.unreachable],
    ["of a store that is down", answer(503, "redis_unavailable"), EXIT.unreachable],
    ["of a proxy without a server", answer(502, "unexpected_answer"), EXIT.unreachable],
    ["of a defect", answer(500, "internal"), EXIT.failure],
    ["without an answer", new SchedulesError({ code: "connection", message: "none" }), EXIT.unreachable],
    ["of a timeout", new SchedulesError({ code: "timeout", message: "none" }), EXIT.unreachable],
    ["of a wrong command line", usageError("no"), EXIT.usage],
    ["of an error of its own", new CliError("no", { exitCode: EXIT.notFound }), EXIT.notFound],
    ["of any other error", new Error("no"), EXIT.failure],
  ])("%s is that of the README", (_, error, exitCode) => {
    expect(failureOf(error).exitCode).toBe(exitCode);
  });
});

describe("an error", () => {
  const error = answer(422, "validation_failed", {
    errors: [
      { field: "max_retries", message: "must be at most 10, got 11", expected: "0 to 10" },
      { field: "topic", message: "is required" },
    ],
  });

  it("shows the field, the fault, what was expected, the code and the request", () => {
    expect(reportFailure(failureOf(error), { isJson: false, paint: plain })).toBe(
      [
        "error: It failed with 422.",
        "  max_retries  must be at most 10, got 11 (expected: 0 to 10)",
        "  topic        is required",
        "  (validation_failed, request 0190)\n",
      ].join("\n"),
    );
  });

  it("is one line of JSON with the names of the API", () => {
    const line = reportFailure(failureOf(error), { isJson: true, paint: plain });
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line).error).toMatchObject({
      code: "validation_failed",
      errors: [{ field: "max_retries", expected: "0 to 10" }, { field: "topic" }],
      request_id: "0190",
    });
  });

  it("names the missing right", () => {
    const refused = failureOf(answer(403, "forbidden", { required: "keys:edit" }));
    expect(reportFailure(refused, { isJson: false, paint: plain })).toContain("The API key needs: keys:edit");
  });

  it("names the reason of the operating system", () => {
    const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) });
    const unreachable = new SchedulesError({ code: "connection", message: "Could not connect to http://a.", cause });
    expect(failureOf(unreachable).message).toBe("Could not connect to http://a. (ECONNREFUSED)");
  });

  it("cannot control the terminal", () => {
    const report = reportFailure(failureOf(new Error("\u001b[2Jgone")), { isJson: false, paint: plain });
    expect(report).toBe("error: \\u001b[2Jgone\n");
  });
});
