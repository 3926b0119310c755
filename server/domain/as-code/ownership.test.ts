import { describe, expect, it } from "vitest";
import { editedSource, originInWords, ownedSource, ownershipOf, sourceIdPrefix } from "./ownership";

const OWNERSHIP = {
  owner: "billing/eu",
  isEdited: false,
  repository: "https://git.example/a|b%",
  file: "é.yaml",
  commit: "4f2c1d9",
};

describe("the source of a schedule of a document", () => {
  it.each([
    OWNERSHIP,
    { ...OWNERSHIP, isEdited: true },
    { owner: "billing", isEdited: false, repository: null, file: null, commit: null },
  ])("is read back as it was written", (ownership) => {
    const source = ownedSource(ownership);
    expect(ownershipOf(source)).toEqual(ownership);
    expect(source.sourceId?.startsWith(sourceIdPrefix(ownership.owner))).toBe(true);
  });

  it("does not begin with the prefix of another owner whose name is shorter", () => {
    expect(ownedSource({ ...OWNERSHIP, owner: "billing2" }).sourceId?.startsWith(sourceIdPrefix("billing"))).toBe(
      false,
    );
  });

  it("is marked as edited by an edit; the source of a schedule without a document is not", () => {
    expect(ownershipOf(editedSource(ownedSource(OWNERSHIP)))).toEqual({ ...OWNERSHIP, isEdited: true });
    const other = { source: "api_request", sourceId: "as-code/billing||||" } as const;
    expect(ownershipOf(other)).toBeNull();
    expect(editedSource(other)).toEqual(other);
  });
});

it.each([
  [OWNERSHIP, "é.yaml in https://git.example/a|b% at 4f2c1d9"],
  [{ repository: "acme/infra", file: null, commit: null }, "acme/infra"],
  [{ repository: null, file: "a.yaml", commit: "1" }, "a.yaml at 1"],
  [{ repository: null, file: null, commit: null }, ""],
])("the origin in words", (origin, words) => {
  expect(originInWords(origin)).toBe(words);
});
