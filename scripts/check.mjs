import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  clockAndRandomReads,
  faultyTitles,
  inlineTypeImports,
  mergeMarks,
  serviceCycles,
  wideComments,
} from "./check/rules.mjs";

/*
 * The project's own rules in `npm run check`: comment width, marks of merges, clock and random values, inline types,
 * folder cycles, commit titles.
 */
const git = (...args) => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** Titles of the commits that are not on the remote's main branch. Without a remote: of the last twenty commits. */
function newTitles() {
  for (const range of [["origin/main..HEAD"], ["-20", "HEAD"]]) {
    try {
      return git("log", "--no-merges", "--format=%s", ...range)
        .split("\n")
        .filter(Boolean);
    } catch {
      // The range does not exist, or this is an unpacked archive without a repository.
    }
  }
  return [];
}

function sources() {
  try {
    return git("ls-files", "-z").split("\0").filter(Boolean);
  } catch {
    // An unpacked archive has no repository. The rules are only for contributors.
    return [];
  }
}

/** Generated from the OpenAPI document. */
const GENERATED = "clients/typescript/src/schema.ts";
const paths = sources().filter((path) => path !== GENERATED);
const read = (path) => readFileSync(path, "utf8");
const faults = [
  ...paths.flatMap((path) =>
    [wideComments, mergeMarks, clockAndRandomReads, inlineTypeImports].flatMap((rule) => rule(path, () => read(path))),
  ),
  ...serviceCycles(paths, read),
  ...faultyTitles(newTitles()),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
