import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";
import { parseArgumentsOrExit } from "./cli/arguments";
import { rest } from "./screens/calls";
import { photograph, type Screen, type Session, THEMES, WIDTHS } from "./screens/photograph";
import { createAdmin, createViewer, prepare } from "./screens/prepare";
import { writeReadmePicture } from "./screens/readme-pictures";
import { EMPTY, emptySetup, full, PAUSED } from "./screens/screens";
import { type Stack, startStack } from "./screens/stack";
import { findChromium } from "./test/chromium.mjs";

/*
 * `npm run screens` takes pictures of the pages, in an empty installation and in one with the demo data.
 */
const USAGE = `Usage: npm run screens -- [--only NAMES] [--out DIR]
  --only  takes only the screens whose name contains one of NAMES, such as schedules or empty-,wall
  --out   writes the pictures to DIR, without the README's pictures; by default to docs/screens, and the README's
          pictures to docs/images
Takes each screen in light and dark at 1280 and 390 px: NAME-THEME-WIDTH.png. CHROMIUM_PATH is the browser; by default, the installed Chromium.`;
const values = parseArgumentsOrExit(USAGE, {
  only: { type: "string", default: "" },
  out: { type: "string" },
  help: { type: "boolean", short: "h" },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = resolve(values.out ?? join(ROOT, "docs/screens"));
/** A line for each screen that could not be taken. */
const faults: string[] = [];
const isWanted = ({ name }: Screen) => values.only.split(",").some((part) => name.includes(part));

async function takeAll(input: {
  browser: Browser;
  stack: Stack;
  screens: readonly Screen[];
  sessions: { admin?: Session; viewer?: Session };
}): Promise<void> {
  const screens = input.screens.filter(isWanted);
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      const onShown = async (page: Parameters<typeof writeReadmePicture>[0]["page"], screen: Screen) => {
        if (values.out === undefined) {
          await writeReadmePicture({ page, screen, theme, width, folder: join(ROOT, "docs/images") });
        }
      };
      faults.push(...(await photograph({ ...input, screens, theme, width, out: OUT, onShown })));
    }
  }
}

async function onStack(args: string[], run: (stack: Stack) => Promise<void>): Promise<void> {
  const stack = await startStack(args);
  try {
    await run(stack);
  } finally {
    await stack.stop();
  }
}

async function main(browser: Browser): Promise<void> {
  await mkdir(OUT, { recursive: true });
  if ([...emptySetup(""), ...EMPTY].some(isWanted)) {
    await onStack([], async (stack) => {
      await takeAll({ browser, stack, screens: emptySetup(stack.setupToken), sessions: {} });
      await takeAll({ browser, stack, screens: EMPTY, sessions: { admin: await createAdmin(browser, stack) } });
    });
  }
  await onStack(["--demo"], async (stack) => {
    const admin = await createAdmin(browser, stack);
    const viewer = await createViewer(browser, stack, admin);
    const sessions = { admin, viewer };
    await takeAll({ browser, stack, screens: full(await prepare(browser, stack, admin)), sessions });
    if (!PAUSED.some(isWanted)) return;
    await rest(stack, "POST", "/admin/system/pause-all", { reason: "The payment provider is down, INC-2041" });
    await takeAll({ browser, stack, screens: PAUSED, sessions });
  });
}

const executablePath = await findChromium();
if (!executablePath) process.exit(1);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  await main(browser);
} finally {
  await browser.close();
}
for (const fault of faults) process.stderr.write(`not taken: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
