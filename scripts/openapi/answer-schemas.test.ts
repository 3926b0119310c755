import { expect, test } from "vitest";
import stored from "../../server/rest/openapi/answers.json";
import { answerSchemas } from "./answer-schemas";

/** Descriptions come from comments of the types and need not be up to date. */
const withoutDescriptions = (schemas: unknown) =>
  JSON.parse(
    JSON.stringify(schemas, (key, value) => (key === "description" && typeof value === "string" ? undefined : value)),
  );

test("answers.json follows from the types of the answers; run npm run openapi after a change", () => {
  expect(withoutDescriptions(stored)).toEqual(withoutDescriptions(answerSchemas()));
});
