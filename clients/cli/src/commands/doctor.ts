import { dataOf, type Schemas } from "@stufio/schedules-client";
import { type AddCommands, withExamples } from "../command.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit.js";
import type { Cell, Column } from "../output/table.js";
import { VERSION } from "../version.js";

type Diagnosis = Schemas["Diagnosis"];
/** A finding of the server, of its health check, or about this machine. */
type Check = Omit<Diagnosis["checks"][number], "part"> & { part: string };

/** A larger difference confuses people who compare times. */
const MAX_SKEW_MS = 2000;

/** Adds `doctor`. */
export const addDoctor: AddCommands = (program, perform) => {
  const doctor = program
    .command("doctor")
    .description(
      "Check Redis, ClickHouse, the bus, clocks, time zones and releases of an installation. Exits with 1 if a check is critical",
    )
    .option("--strict", "also exit with 1 for warnings")
    .action(({ strict }: { strict?: boolean }) =>
      perform(doctor, async (context) => {
        const { diagnosis, checks } = await examine(context);
        await printChecks(context, { ...diagnosis, checks });
        const failing = strict ? ["critical", "warning"] : ["critical"];
        return checks.some(({ state }) => failing.includes(state)) ? EXIT.failure : EXIT.ok;
      }),
    );
  withExamples(doctor, ["doctor", "doctor --strict --output json"]);
};

async function examine(context: Context): Promise<{ diagnosis: Diagnosis; checks: Check[] }> {
  const client = await context.client();
  context.progress.update("Checking …");
  const before = context.io.now();
  const diagnosis = dataOf(await client.api.GET("/api/v1/schedules/monitoring/diagnosis", context.call));
  const tookMs = context.io.now() - before;
  const health = await client.api.GET("/api/v1/schedules/monitoring/health", context.call);
  // A degraded installation answers 503 with the reasons.
  const { reasons = [] } = (health.data ?? health.error ?? {}) as Schemas["Health"];
  context.progress.end();
  // The server read its clock at some time during the call.
  const skewMs = before + tookMs / 2 - Date.parse(diagnosis.checked_at);
  const checks = [
    ...clientChecks(context, { skewMs, tookMs, serverVersion: diagnosis.version }),
    ...diagnosis.checks,
    ...reasons.map(({ service, code, severity, message }) => ({
      ...{ part: service, name: code, state: severity, value: message, expected: null, advice: null },
    })),
  ];
  return { diagnosis, checks };
}

/** The checks that only this machine can make. */
function clientChecks(
  { target }: Context,
  { skewMs, tookMs, serverVersion }: { skewMs: number; tookMs: number; serverVersion: string },
): Check[] {
  const { protocol, hostname } = new URL(target.url);
  const isLocal = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  const isProtected = protocol === "https:" || isLocal;
  // The server may have read its clock at the beginning or the end of a slow call.
  const isInTime = Math.abs(skewMs) <= MAX_SKEW_MS + tookMs / 2;
  const isSameRelease = serverVersion.split(".", 2).join(".") === VERSION.split(".", 2).join(".");
  return [
    {
      ...{ part: "client", name: "address", state: isProtected ? "ok" : "warning", value: target.url },
      expected: isLocal ? null : "https",
      advice: isProtected ? null : "Use https: the API key is sent without encryption.",
    },
    {
      ...{ part: "client", name: "version", state: isSameRelease ? "ok" : "warning", value: VERSION },
      expected: serverVersion,
      advice: isSameRelease ? null : "Install the release of the server.",
    },
    {
      ...{ part: "client", name: "clock", state: isInTime ? "ok" : "warning" },
      value: `${Math.round(skewMs)} ms from the clock of Redis`,
      expected: `at most ${MAX_SKEW_MS} ms`,
      advice: isInTime ? null : "Synchronise the clock of this machine, for example with NTP.",
    },
    {
      ...{ part: "client", name: "time zones", state: "ok", value: process.versions.tz ?? "unknown" },
      ...{ expected: null, advice: null },
    },
  ] satisfies Check[];
}

async function printChecks(
  context: Context,
  diagnosis: Omit<Diagnosis, "checks"> & { checks: Check[] },
): Promise<void> {
  const { print } = context;
  if (print.format === "json") return print.record(diagnosis, () => []);
  await print.rows(diagnosis.checks, COLUMNS);
  if (print.format !== "table") return;
  const advice = diagnosis.checks.filter((check) => check.advice !== null);
  if (advice.length > 0) print.text("");
  for (const { part, name, advice: text } of advice) print.text(`${part} ${name}: ${text}`);
}

function stateCell(state: Check["state"]): Cell {
  const colours = { ok: "green", warning: "yellow", critical: "red", unknown: "dim" } as const;
  return { text: state, colour: colours[state] };
}

const COLUMNS: readonly Column<Check>[] = [
  { title: "PART", cell: ({ part }) => part },
  { title: "CHECK", cell: ({ name }) => name, shrink: 16 },
  { title: "STATE", cell: ({ state }) => stateCell(state) },
  { title: "VALUE", cell: ({ value }) => value, shrink: 20 },
  { title: "EXPECTED", cell: ({ expected }) => expected, shrink: 12 },
];
