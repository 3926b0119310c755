import { expect, it } from "vitest";
import { adviseOnClickHouse } from "./advice";

const URL_WITH_USER = "https://ann:secret@history.example.org:8443";

it.each([
  ["516", "ann: Authentication failed: password is incorrect, or there is no user with such name. "],
  ["193", "Wrong password for user ann"],
  ["192", "Unknown user ann"],
  ["497", "ann: Not enough privileges. To execute this query, it's necessary to have grant CREATE DATABASE ON any.*. "],
])("the description of an error with the code %s names neither the user nor the password", (code, message) => {
  const text = adviseOnClickHouse(Object.assign(new Error(message), { code }), URL_WITH_USER);
  expect(text).toMatch(/^ClickHouse at history\.example\.org:8443: (Authentication failed|Not enough privileges)\./);
  expect(text).not.toMatch(/ann|secret/);
});
