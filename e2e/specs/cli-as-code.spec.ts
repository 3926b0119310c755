import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { stringify } from "yaml";
import { cli, installCommandLine, json } from "../parts/installed-cli";
import { restClient } from "../parts/rest";

/* Schedules as code and the import of a crontab, with the packed command line. */
test.describe.configure({ timeout: 300_000 });

const COUNT = 1000;
/** On an idle machine, less than 10 s. */
const MAX_APPLY_MS = 60_000;
/** A crontab with its document and report, which clients/cli/src/import/crontab.test.ts compares with the import. */
const CRONTAB = fileURLToPath(new URL("../../clients/cli/src/import/testdata/", import.meta.url));

let folder: string;
test.beforeAll(async () => {
  folder = await installCommandLine();
});

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** Removes the schedules of an owner, so that other specs do not see them. */
async function removeAll(owner: string): Promise<void> {
  const file = write("empty.yaml", stringify({ owner, schedules: [] }));
  expect(await cli(["schedules", "apply", file, "--prune", "--yes"])).toMatchObject({ code: 0 });
  expect(await json("schedules", "export", "--owner", owner)).toMatchObject({ schedules: [] });
}

test("1,000 schedules are applied within a minute, a second apply changes nothing, an edit by hand is found", async ({
  request,
}) => {
  const owner = `e2e-${Date.now()}`;
  const nameOf = (index: number) => `${owner} job ${index}`;
  const schedules = Array.from({ length: COUNT }, (_, index) => ({
    ...{ name: nameOf(index), description: `number ${index}`, topic: "e2e.as-code" },
    ...{ entity_type: "invoice", action: "send", payload: { index } },
    ...{ cron_expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  }));
  const file = write("schedules.yaml", stringify({ version: 1, owner, schedules }));
  try {
    const startedAt = performance.now();
    const applied = await cli(["schedules", "apply", file]);
    const ms = Math.round(performance.now() - startedAt);
    console.log(`schedules apply of 1,000 schedules from YAML, packed: ${ms} ms`);
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out).toContain(`Applied: ${COUNT} added, 0 changed, 0 removed\n`);
    expect(ms).toBeLessThan(MAX_APPLY_MS);

    const unchanged = `${owner}: 0 to add, 0 to change, 0 not in the document, ${COUNT} unchanged\n`;
    expect(await cli(["schedules", "apply", file])).toEqual({ code: 0, err: "", out: unchanged });

    const { schedule_id } = await json("schedules", "get", nameOf(7));
    const edit = () => restClient(request).patch(`/admin/schedules/${schedule_id}`, { cron_expression: "0 9 * * *" });
    expect(await edit()).toMatchObject({ status: 409 });
    expect((await cli(["settings", "set", "REFUSE_CODE_EDITS=false"])).code).toBe(0);
    expect(await edit()).toMatchObject({ status: 200 });
    const drifted = await cli(["schedules", "diff", file, "--check"]);
    expect(drifted).toMatchObject({ code: 2, err: "" });
    expect(drifted.out).toContain(`~ ${nameOf(7)} (edited outside of the document)\n`);
    expect(drifted.out).toMatch(/ {4}cron_expression: "0 9 \* \* \*" -> "0 9 \* \* 1-5"\n/);

    expect((await cli(["schedules", "apply", file])).out).toContain("Applied: 0 added, 1 changed, 0 removed\n");
    expect(await cli(["schedules", "diff", file, "--check"])).toMatchObject({ code: 0, out: unchanged });
  } finally {
    await cli(["settings", "reset", "REFUSE_CODE_EDITS"]);
    await removeAll(owner);
  }
});

test("a crontab of 46 lines is imported with its report and applied, and its export changes nothing", async () => {
  const expected = (name: string) => readFileSync(join(CRONTAB, name), "utf8");
  write("crontab.txt", expected("crontab.txt"));
  const imported = await cli(["import", "crontab", "crontab.txt", "--owner", "ops", "--timezone", "Europe/Berlin"]);
  expect(imported).toEqual({ code: 0, out: expected("crontab.yaml"), err: expected("crontab-report.txt") });
  const file = write("imported.yaml", imported.out);
  try {
    expect((await cli(["schedules", "apply", file])).out).toContain("Applied: 25 added, 0 changed, 0 removed\n");
    const exported = await cli(["schedules", "export", "--owner", "ops"]);
    expect(exported).toMatchObject({ code: 0, err: "" });
    expect(await cli(["schedules", "apply", "-", "--prune"], { input: exported.out })).toEqual({
      ...{ code: 0, err: "" },
      out: "ops: 0 to add, 0 to change, 0 to remove, 25 unchanged\n",
    });
    expect((await cli(["schedules", "export", "--owner", "ops"])).out).toBe(exported.out);
  } finally {
    await removeAll("ops");
  }
});
