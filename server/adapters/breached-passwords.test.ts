import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BreachFileError, openBreachedPasswords } from "./breached-passwords";

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");
const PASSWORDS = Array.from({ length: 2000 }, (_, i) => `password ${i}`);
const HASHES = PASSWORDS.map((one) => sha1(one).toUpperCase()).sort();

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "breached-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function listOf(text: string) {
  const path = join(dir, "list.txt");
  await writeFile(path, text);
  return openBreachedPasswords(path);
}

describe("a list of breached passwords", () => {
  it.each([
    ["with counts", HASHES.map((hash, i) => `${hash}:${10 ** (i % 7)}`).join("\n")],
    ["with a line end at its end", `${HASHES.join("\n")}\n`],
    ["with Windows line ends", `${HASHES.map((hash) => `${hash}:3`).join("\r\n")}\r\n`],
    ["in lower case", HASHES.join("\n").toLowerCase()],
  ])("%s finds each of its passwords, and no other", async (_, text) => {
    const list = await listOf(text);
    for (const password of PASSWORDS) expect(await list.has(sha1(password)), password).toBe(true);
    for (let i = 0; i < 500; i++) expect(await list.has(sha1(`another ${i}`))).toBe(false);
    for (const edge of ["0".repeat(40), "f".repeat(40)]) expect(await list.has(edge)).toBe(false);
  });

  it("with one password finds that password", async () => {
    const list = await listOf(sha1("only"));
    expect([await list.has(sha1("only")), await list.has(sha1("other"))]).toEqual([true, false]);
  });

  it.each([
    ["is missing", null, "cannot be read"],
    ["is empty", "", "must have lines of a SHA-1"],
    ["is ordered by count", PASSWORDS.map((one, i) => `${sha1(one)}:${9999 - i}`).join("\n"), "sorted by hash"],
    ["has passwords in clear text", "password\n123456\n", "must have lines of a SHA-1"],
  ])("that %s is refused", async (_, text, message) => {
    const opening = text === null ? openBreachedPasswords(join(dir, "none")) : listOf(text);
    await expect(opening).rejects.toThrow(message);
  });

  it("that is a folder is refused", async () => {
    await expect(openBreachedPasswords(dir)).rejects.toThrow(new BreachFileError("cannot be read: it is not a file"));
  });
});
