import type { OpenApiDocument } from "~/components/docs/reference/document";
import { buildReference, modelOf } from "~/components/docs/reference/reference";
import { openApiDocument } from "~/server/rest/openapi/document";
import { TITLES } from "~/server/rest/problem";

const DOCUMENT = openApiDocument() as unknown as OpenApiDocument;

/** The pages of the API reference. */
export const REFERENCE = buildReference(DOCUMENT, TITLES);

/** The body of every error. */
export const PROBLEM = modelOf("Problem", DOCUMENT);
