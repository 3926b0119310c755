import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { SchedulePage } from "../pages/schedule-page";
import { signInByApi } from "../pages/sign-in-by-api";
import { type GuideBlock, guideBlocks, guideNames } from "../parts/guide-blocks";
import { checkBlock, checkFiles } from "../parts/guide-checks";
import { type GuideFolder, prepareFolder } from "../parts/guide-folder";
import { restClient } from "../parts/rest";
import { openShell } from "../parts/shell-session";

/*
 * Runs the guides of docs/guide from top to bottom against the shared stack, as a reader would. A block of bash runs, a
 * block of JSON is parsed. Marks after the language say how a block is checked instead:
 *   file=NAME    the reader saves it under this name, for later blocks; TypeScript, Python and Java must compile
 *   output       it is the end of what the block before it printed; … is any text
 *   elsewhere    docs/commands.test.ts checks it
 *   definition   a body that creates a schedule
 *   event        a message on the bus
 *   before       code of another product; only its syntax is checked
 *   syntax       a part of a program; only its syntax is checked
 */
test.describe.configure({ timeout: 300_000 });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The address in the guides. */
const PRINTED_ADDRESS = "http://127.0.0.1:3000";

let folder: string;
let prepared: GuideFolder;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stufio-guide-"));
  prepared = await prepareFolder(folder, test.info().project.use.baseURL ?? "");
});
test.afterAll(async () => {
  await prepared?.release();
  rmSync(folder, { recursive: true, force: true });
});

for (const name of guideNames()) {
  const blocks = guideBlocks(name);
  if (blocks.length === 0) continue;
  test(`every block of ${name}.md runs or is valid`, async ({ baseURL, request }) => {
    const shell = openShell({ cwd: folder, env: prepared.env });
    const rest = restClient(request);
    let printed = "";
    for (const block of blocks) {
      await test.step(block.place, async () => {
        if (block.file !== null) writeFileSync(join(folder, block.file), block.code);
        else if (block.mark === "output") expectOutput(printed, block);
        else if (block.language === "bash" && block.mark === "") printed = await shell.run(commandOf(block, baseURL));
        else await checkBlock(block, { folder, rest });
      });
    }
    await shell.end();
    await checkFiles(blocks, folder);
  });
}

test("the steps of first-schedule.md in the dashboard create a schedule, and run it", async ({ page, context }) => {
  const text = readFileSync(join(ROOT, "docs/guide/first-schedule.md"), "utf8");
  const [, section = ""] = /^## In the dashboard\n([\s\S]*?)^## /m.exec(text) ?? [];
  const labels = Array.from(section.matchAll(/\*\*(.+?)\*\*/g), ([, label]) => label);
  /** Checks that the guide names this label next. */
  const next = (label: string) => {
    expect(labels.shift()).toBe(label);
    return label;
  };
  await signInByApi(context);
  await page.goto("/");
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: next("Schedules"), exact: true })
    .click();
  await page
    .getByRole("link", { name: next("New schedule") })
    .first()
    .click();
  await page.waitForURL("**/schedules/new");
  await page.getByLabel(next("Name")).fill(`First in the dashboard ${Date.now()}`);
  await page.getByLabel(next("Topic")).fill("guide.first");
  await page.getByLabel(next("Entity type")).fill("greeting");
  await page.getByLabel(next("Action")).first().fill("say");
  await page.getByRole("radio", { name: next("Recurring") }).click();
  await page.getByLabel(next("Cron expression")).fill("0 9 * * 1-5");
  await expect(page.getByLabel(next("Time zone")).first()).toBeVisible();
  await page.getByRole("button", { name: next("Create schedule") }).click();
  await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  const schedule = new SchedulePage(page);
  next("Run now");
  await schedule.runNow();
  next("Executions");
  await schedule.openTab("Executions");
  await expect(schedule.executions({ outcome: "Succeeded", trigger: "Manual" })).toHaveCount(1);
  expect(labels).toEqual([]);
});

/** The commands of the product's folder run there, all others where the reader works. */
function commandOf({ code }: GuideBlock, address = ""): string {
  const here = code.replaceAll(PRINTED_ADDRESS, address);
  return here.startsWith("npm run ") ? `(cd "${ROOT}" && ${here})` : here;
}

function expectOutput(printed: string, { code, place }: GuideBlock): void {
  const expected = code.trimEnd().split("\n");
  const lines = printed.trimEnd().split("\n").slice(-expected.length);
  const pattern = (line: string) => new RegExp(`^${line.split("…").map(escaped).join(".*")}$`);
  expect(lines.length, place).toBe(expected.length);
  for (const [index, line] of expected.entries()) expect(lines[index], place).toMatch(pattern(line));
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
