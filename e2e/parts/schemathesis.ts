import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Python } from "./python";

const RELEASE = "4.32.5";
/** No 5xx, no undocumented status, nothing outside the schemas. */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];
/** The calls that are left out, by their id in the document, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  moveTestClock: "would move the time by centuries, with all that is due until then",
};
/**
 * The generated inputs of a call. With `E2E_PHASES=examples,coverage,fuzzing`, each bound of each schema is tried too,
 * which are thousands of cases.
 */
const { E2E_MAX_EXAMPLES: MAX_EXAMPLES = "2", E2E_PHASES: PHASES = "examples,fuzzing" } = process.env;

/** Ids of rows that exist. Half of the generated calls of one row are about these. */
export interface ExistingIds {
  schedules: readonly string[];
  executions: readonly string[];
  /** A schedule that only the generated calls of `deleteSchedule` use. */
  deletable: string;
}

/** JSON lists of text are also TOML. */
const configText = ({ schedules, executions, deletable }: ExistingIds): string => `[cache]
# The installation is new in each run, so answers of an earlier run say nothing about it.
enabled = false

[dictionaries.schedules]
values = ${JSON.stringify(schedules)}

[dictionaries.executions]
values = ${JSON.stringify(executions)}

[dictionaries.deletable]
values = ${JSON.stringify([deletable])}

[[operations]]
include-operation-id = "getHealth"
# A degraded installation answers 503, as the document says.
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]

[[operations]]
include-path-regex = '^/admin/schedules/\\{id\\}'
# The schedules must exist for the calls after it.
exclude-operation-id = "deleteSchedule"
parameters."path.id" = { dictionary = "schedules", probability = 0.5 }

[[operations]]
include-operation-id = "deleteSchedule"
# The first call deletes the schedule; the others answer 404.
parameters."path.id" = { dictionary = "deletable", probability = 1 }
# A generated version is never that of the schedule, so each call would be refused.
parameters."header.If-Match" = "*"

[[operations]]
include-path-regex = '^/admin/executions/\\{id\\}'
parameters."path.id" = { dictionary = "executions", probability = 0.5 }
`;

/** What schemathesis reports. */
export interface Report {
  operations: { total: number; selected: number; tested: number; errored: number; skipped: number };
  test_cases: { generated: number; with_failures: number; errored: number };
  running_time: number;
}

export const installSchemathesis = (python: Python) =>
  python(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `schemathesis==${RELEASE}`]);

/**
 * Calls every operation of an installation, except those in LEFT_OUT, with valid and with generated inputs, and
 * compares each answer with the OpenAPI document. Throws the output of schemathesis if an answer is wrong.
 */
export async function checkGeneratedInputs(
  python: Python,
  input: { address: string; apiKey: string; folder: string; ids: ExistingIds },
): Promise<Report & { leftOut: number }> {
  const config = join(input.folder, "schemathesis.toml");
  const report = join(input.folder, "schemathesis.json");
  writeFileSync(config, configText(input.ids));
  await python([
    // The output becomes the message of an error.
    ...["-m", "schemathesis.cli", "--config-file", config, "--no-color", "run"],
    ...[`${input.address}/api/v1/openapi.json`, "--header", `Authorization: Bearer ${input.apiKey}`],
    // `all`: inputs that the document allows, and inputs that it does not allow.
    ...["--checks", CHECKS.join(), "--phases", PHASES, "--mode", "all", "--max-examples", MAX_EXAMPLES],
    // The same inputs in each run, so that a failure can be repeated.
    "--generation-deterministic",
    // One run reports all faults. Shrinking would repeat failed calls for minutes.
    ...["--continue-on-failure", "--no-shrink"],
    // Hypothesis fails a test whose inputs are large or slow to generate. Those of some schemas are, on a slow machine.
    ...["--suppress-health-check", "all"],
    // The warnings are about operations that got only 404 or 422, which few inputs per operation make usual.
    ...["--warnings", "off"],
    // Hypothesis fails now and then if several threads parse its sources.
    ...["--workers", "1"],
    // Other tests slow the machine; by default, the limit is 10 s.
    ...["--request-timeout", "30", "--report-json-path", report],
    ...Object.keys(LEFT_OUT).flatMap((id) => ["--exclude-operation-id", id]),
  ]);
  return { ...JSON.parse(readFileSync(report, "utf8")), leftOut: Object.keys(LEFT_OUT).length };
}
