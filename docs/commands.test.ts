import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/*
 * Every command in a document must be in `RUN_BY`, with the file that runs it, or in `PARTS_ONLY`, with the reason why
 * no test runs it.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, "utf8");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "AGENTS.md",
  "SECURITY.md",
  "worker/README.md",
  "components/README.md",
  "e2e/README.md",
  "server/adapters/redis/README.md",
  "server/adapters/redis/lua/README.md",
].concat(
  readdirSync(`${ROOT}docs`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`),
);

/** Prefix of a command → the test that runs it. The longest matching prefix counts. */
const RUN_BY: Record<string, string> = {
  "npm start": "e2e/stack/start-stack.ts",
  "npm start -- --demo": "e2e/specs/demo/first-hour.spec.ts",
  "npm start -- --api-key": "e2e/specs/demo/first-hour.spec.ts",
  "npm start -- --ephemeral": "e2e/specs/own/virtual-clock.spec.ts",
  "npm run dev": "e2e/specs/own/dev-reload.spec.ts",
  "npm run events": "e2e/specs/demo/first-hour.spec.ts",
  "npm run cli": "clients/cli/src/completion/completion.test.ts",
  "npm run smoke": "e2e/specs/demo/first-hour.spec.ts",
  "export ADMIN_API_KEY": "e2e/specs/demo/first-hour.spec.ts",
  "curl -X POST": "e2e/specs/demo/first-hour.spec.ts",
  "curl -X POST http://127.0.0.1:3000/api/v1/test/clock": "e2e/specs/own/virtual-clock.spec.ts",
  'curl -sS "$SCHEDULES_URL/': "e2e/specs/mcp.spec.ts",
  "npm run check": ".ci/run",
  "npm ci": ".ci/run",
  "node scripts/audit.mjs": ".ci/run",
  "npm test": ".ci/run",
  "npm run build": "e2e/parts/packages.ts",
  "npm pack": "e2e/parts/packages.ts",
  "npm install": "e2e/parts/guide-folder.ts",
  "npx --no-install": "e2e/specs/guides.spec.ts",
};
/** Commands of npm itself, which are not scripts in package.json. */
const NPM_COMMANDS = ["ci", "install", "link", "pack"];
/** Prefixes of commands whose script, files and options are checked, but that no test runs. */
const PARTS_ONLY: Record<string, string> = {
  "npm run faults": "minutes of faults; a short run is scripts/faults/short-run.test.ts",
  "npm run fuzz": "minutes of inputs; a short run is scripts/fuzz/short-run.test.ts",
  "npm run bench": "takes half an hour, and the whole machine",
  "npm run screens": "minutes of pictures, which a person looks at",
  "npm run format": "writes to the source",
  "npm run nodes": "downloads three versions of Node",
  "npm link": "changes the global packages of the machine",
  "npm run openapi": "writes to the source; scripts/openapi/answer-schemas.test.ts compares the result",
  "npm test --": "a part of npm test",
  "npx vitest": "a part of npm test",
  "node --cpu-prof": "an example; the reader chooses the program to profile",
};

/** e2e/specs/guides.spec.ts runs the shell blocks of the guides, except those with the mark "elsewhere". */
const SHELL_BLOCK = /```(?:bash|sh)\n([\s\S]*?)```/g;
const GUIDE_SHELL_BLOCK = /```bash elsewhere\n([\s\S]*?)```/g;

/** The commands in shell blocks and inline code. */
function commandsOf(document: string): string[] {
  const text = read(document);
  const pattern = document.startsWith("docs/guide/") ? GUIDE_SHELL_BLOCK : SHELL_BLOCK;
  const blocks = [...text.matchAll(pattern)].flatMap(([, block = ""]) => block.replace(/\\\n\s*/g, "").split("\n"));
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...blocks, ...inline]
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => /^(npm|npx|node|curl|docker|export|redis-cli|bash|sh) /.test(line));
}

const COMMANDS = DOCUMENTS.flatMap((document) => commandsOf(document).map((command) => ({ document, command })));
/** The longest key with which the command begins. */
const keyOf = (table: Record<string, string>, command: string) =>
  Object.keys(table)
    .filter((key) => command.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];

const helps = new Map<string, string>();

function helpOf(script: string): string {
  const known = helps.get(script);
  if (known !== undefined) return known;
  const args = script === "start" || script === "test" ? [script] : ["run", script];
  const { stdout } = spawnSync("npm", ["-s", ...args, "--", "--help"], { cwd: ROOT, encoding: "utf8" });
  helps.set(script, stdout);
  return stdout;
}

/** Checks that the script and the files exist, and that the script's help names the options. */
function checkParts(command: string): void {
  const script = /^npm (?:run )?(\w+)/.exec(command)?.[1];
  if (command.startsWith("npm") && script && !NPM_COMMANDS.includes(script))
    expect(Object.keys(scripts)).toContain(script);
  for (const file of command.match(/[\w./-]+\.(?:test\.)?(?:ts|mjs|tsx)\b/g) ?? []) {
    expect(existsSync(`${ROOT}${file}`), `${file} does not exist`).toBe(true);
  }
  const options = command.split(" -- ")[1]?.match(/--[a-z-]+/g) ?? [];
  // The options after `npm run nodes --` belong to the command that it runs.
  if (options.length === 0 || script === "nodes") return;
  const help = helpOf(script ?? "");
  for (const option of options) expect(help, command).toContain(option);
}

test("the documents have commands", () => expect(COMMANDS.length).toBeGreaterThan(20));

test.each(COMMANDS)("$document: $command", ({ command }) => {
  const runner = keyOf(RUN_BY, command);
  const part = keyOf(PARTS_ONLY, command);
  expect(runner ?? part, "neither run by a test nor listed here").toBeDefined();
  if (runner && (!part || runner.length >= part.length)) expect(existsSync(`${ROOT}${RUN_BY[runner]}`)).toBe(true);
  checkParts(command);
});

test("every listed command is in a document", () => {
  const named = (key: string) => COMMANDS.some(({ command }) => command.startsWith(key));
  expect([...Object.keys(RUN_BY), ...Object.keys(PARTS_ONLY)].filter((key) => !named(key))).toEqual([]);
});

test("linked files exist", () => {
  const missing = DOCUMENTS.flatMap((document) => {
    const folder = document.replace(/[^/]*$/, "");
    const links = [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
    return links.filter((link) => !existsSync(`${ROOT}${folder}${link}`)).map((link) => `${document}: ${link}`);
  });
  expect(missing).toEqual([]);
});
