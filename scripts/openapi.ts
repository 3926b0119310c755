/*
 * npm run openapi: derives server/rest/openapi/answers.json from the types in answers.ts, writes the document to
 * clients/openapi.json, from which the TypeScript client takes its types, and writes the types of the Python client.
 * Run it after a change of a call's input, answer or description.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answerSchemas } from "./openapi/answer-schemas";
import { type ApiDocument, pythonTypes } from "./openapi/python-types";

const ANSWERS = fileURLToPath(new URL("../server/rest/openapi/answers.json", import.meta.url));
const DOCUMENT = fileURLToPath(new URL("../clients/openapi.json", import.meta.url));
const PYTHON_TYPES = fileURLToPath(new URL("../clients/python/src/stufio_schedules/types.py", import.meta.url));

const write = (file: string, value: unknown) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

const schemas = answerSchemas();
write(ANSWERS, schemas);
execFileSync("npx", ["biome", "format", "--write", ANSWERS], { stdio: "ignore" });
// Loaded after the schemas are written, because the document contains them.
const { openApiDocument } = await import("../server/rest/openapi/document");
const document = openApiDocument();
write(DOCUMENT, document);
writeFileSync(PYTHON_TYPES, pythonTypes(document as unknown as ApiDocument));
console.log(`Wrote ${Object.keys(schemas).length} schemas of answers, clients/openapi.json and types.py`);
process.exit(0);
