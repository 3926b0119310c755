/*
 * npm run openapi: derives server/rest/openapi/answers.json from the types in answers.ts. Run it after a change of a
 * type that a REST call answers with.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answerSchemas } from "./openapi/answer-schemas";

const file = fileURLToPath(new URL("../server/rest/openapi/answers.json", import.meta.url));
const schemas = answerSchemas();
writeFileSync(file, `${JSON.stringify(schemas, null, 2)}\n`);
execFileSync("npx", ["biome", "format", "--write", file]);
console.log(`${Object.keys(schemas).length} schemas written to server/rest/openapi/answers.json`);
