import { expect, it } from "vitest";
import { AppError, type ErrorCode } from "~/server/domain/errors";
import { problemResponse, TITLES } from "../problem";
import { errorResponses } from "./error-responses";

it.each(Object.keys(TITLES) as ErrorCode[])("the response for %s declares Retry-After if it is sent", (code) => {
  const error = new AppError(code, "x");
  const sent = problemResponse({ error, instance: "/", requestId: "r" });
  const hasHeader = sent.headers.has("retry-after");
  expect(JSON.stringify(errorResponses([code])).includes('"Retry-After"')).toBe(hasHeader);
});
