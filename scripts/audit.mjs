import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/*
 * `node scripts/audit.mjs [npm options]` checks the production dependencies for known vulnerabilities. Exits with 1 for
 * a vulnerability of severity high or critical, or if npm fails. A registry whose audit endpoint is missing or does not
 * answer is no failure.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FAILING = ["high", "critical"];

const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const args = ["audit", "--omit=dev", "--audit-level=high", "--json", ...process.argv.slice(2)];
const { status, stdout, stderr, error } = spawnSync(npm, args, { cwd: ROOT, encoding: "utf8" });
if (error) throw error;

let report;
try {
  report = JSON.parse(stdout);
} catch {
  report = {};
}
if (report.metadata) {
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => FAILING.includes(severity));
  for (const { name, severity, via } of found) {
    const causes = via.map((cause) => (typeof cause === "string" ? cause : `${cause.title} (${cause.url})`));
    console.log(`${severity} ${name}: ${causes.join(", ")}`);
  }
  const { prod } = report.metadata.dependencies;
  console.log(
    `npm audit: ${found.length} packages with findings of severity high or critical, of ${prod} in production`,
  );
  process.exit(status ?? 1);
} else if (report.message?.includes("/-/npm/v1/security/")) {
  console.log(`npm audit: not checked, because the registry's audit endpoint failed: ${report.message}`);
} else {
  console.log(`npm audit failed: ${report.error?.summary || stdout || stderr}`);
  process.exit(1);
}
