import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { transform } from "esbuild";
import { parse as parseYaml } from "yaml";
import { EventMessage } from "../../server/domain/event-message";
import { ensureJars } from "../../server/testing/services/kafka";
import type { GuideBlock } from "./guide-blocks";
import type { restClient } from "./rest";

const run = promisify(execFile);

interface Context {
  folder: string;
  rest: ReturnType<typeof restClient>;
}
type Check = (block: GuideBlock, context: Context) => unknown;

const parseJson: Check = ({ code }) => JSON.parse(code);
const pythonSyntax: Check = ({ code }) => run("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", code]);

/** The checks of blocks that do not run, by language and mark. */
const CHECKS: Readonly<Record<string, Check>> = {
  // docs/commands.test.ts checks these.
  "bash elsewhere": () => undefined,
  json: parseJson,
  "json before": parseJson,
  "json event": ({ code }) => EventMessage.strict().parse(JSON.parse(code)),
  "json definition": createAndDelete,
  "python before": pythonSyntax,
  "python syntax": pythonSyntax,
  "ts before": ({ code }) => transform(code, { loader: "ts", format: "esm" }),
  "yaml syntax": ({ code }) => parseYaml(code),
  "java before": javaSyntax,
};

/** Checks a block that does not run. Throws for a block without a check. */
export async function checkBlock(block: GuideBlock, context: Context): Promise<void> {
  const kind = `${block.language} ${block.mark}`.trim();
  const check = CHECKS[kind];
  if (check === undefined) throw new Error(`${block.place}: there is no check for blocks of kind "${kind}"`);
  await check(block, context);
}

async function createAndDelete({ code, place }: GuideBlock, { rest }: Context): Promise<void> {
  const { status, body } = await rest.post("/admin/schedules", JSON.parse(code));
  expect(status, `${place}: ${JSON.stringify(body)}`).toBe(201);
  await rest.delete(`/admin/schedules/${body.schedule_id}`);
}

/** Errors of javac about classes that are not installed. It reports them only if the syntax is right. */
const MISSING_CLASS = /^.*compiler\.err\.(?:cant\.resolve|doesnt\.exist)/;

/** Compiles statements in a method, and accepts that their classes are not installed. */
async function javaSyntax({ code, place }: GuideBlock, { folder }: Context): Promise<void> {
  if (!(await hasJavac())) return;
  const file = join(folder, "Before.java");
  writeFileSync(file, `class Before { void run() {\n${code}\n} }`);
  const { stdout, stderr } = await run("javac", ["-XDrawDiagnostics", "-proc:none", "-d", folder, file]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  const errors = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("compiler.err"));
  expect(
    errors.filter((line) => !MISSING_CLASS.test(line)),
    place,
  ).toEqual([]);
}

async function hasJavac(): Promise<boolean> {
  return run("javac", ["-version"]).then(
    () => true,
    () => false,
  );
}

const TYPE_CHECK = [
  ...["--noEmit", "--strict", "--skipLibCheck", "--target", "es2023", "--types", "node"],
  ...["--module", "nodenext", "--moduleResolution", "nodenext"],
];

/** Compiles the files of a guide. Java needs a JDK; a machine with a JRE only leaves it out. */
export async function checkFiles(blocks: readonly GuideBlock[], folder: string): Promise<void> {
  const files = blocks.flatMap(({ file }) => (file === null ? [] : [file]));
  const ending = (end: string) => files.filter((file) => file.endsWith(end));
  const compile = (program: string, args: string[]) =>
    run(program, args, { cwd: folder }).catch((error: { message: string; stdout: string; stderr: string }) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    });
  if (ending(".ts").length > 0) await compile("node_modules/.bin/tsc", [...TYPE_CHECK, ...ending(".ts")]);
  if (ending(".py").length > 0) await compile("python3", ["-m", "py_compile", ...ending(".py")]);
  const java = ending(".java");
  if (java.length === 0 || !(await hasJavac())) return;
  await compile("javac", ["-Xlint:all", "-Werror", "-proc:none", "-cp", `${await ensureJars()}/*`, ...java]);
  expect(java.every((file) => existsSync(join(folder, file.replace(".java", ".class"))))).toBe(true);
}
