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
}

/** JSON lists of text are also TOML. A degraded installation answers getHealth with 503, as the document says. */
const configText = ({ schedules, executions }: ExistingIds): string => `[cache]
enabled = false

[dictionaries.schedules]
values = ${JSON.stringify(schedules)}

[dictionaries.executions]
values = ${JSON.stringify(executions)}

[[operations]]
include-operation-id = "getHealth"
checks.not_a_server_error.enabled = false

[[operations]]
include-path-regex = '^/admin/schedules/\\{id\\}'
exclude-operation-id = "deleteSchedule"
parameters."path.id" = { dictionary = "schedules", probability = 0.5 }

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
 * Calls every operation of an installation with valid and with generated inputs, and compares
 * each answer with the OpenAPI document. Throws the output of schemathesis if an answer is wrong.
 */
export async function checkGeneratedInputs(
  python: Python,
  input: { address: string; apiKey: string; folder: string; ids: ExistingIds },
): Promise<Report & { leftOut: number }> {
  const config = join(input.folder, "schemathesis.toml");
  const report = join(input.folder, "schemathesis.json");
  writeFileSync(config, configText(input.ids));
  // One worker, because hypothesis fails now and then if several threads parse its sources.
  await python([
    ...["-m", "schemathesis.cli", "--config-file", config, "--no-color", "run"],
    ...[`${input.address}/api/v1/openapi.json`, "--header", `Authorization: Bearer ${input.apiKey}`],
    ...["--checks", CHECKS.join(), "--phases", PHASES, "--mode", "all", "--max-examples", MAX_EXAMPLES],
    ...["--generation-deterministic", "--no-shrink", "--continue-on-failure", "--suppress-health-check", "all"],
    ...["--warnings", "off", "--workers", "1", "--request-timeout", "30", "--report-json-path", report],
    ...Object.keys(LEFT_OUT).flatMap((id) => ["--exclude-operation-id", id]),
  ]);
  return { ...JSON.parse(readFileSync(report, "utf8")), leftOut: Object.keys(LEFT_OUT).length };
}
