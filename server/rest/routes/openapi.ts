import { stringify } from "yaml";
import { hasVirtualClock } from "~/server/has-virtual-clock";
import { answering, methods } from "../handler";
import { openApiDocument, testOpenApiDocument } from "../openapi/document";

/** The rendered document by content type. It does not change while the process runs. */
const texts = new Map<string, string>();

/** Answers with the document. It is the same for every caller, so it needs no credentials. */
const documentIn = (request: Request, contentType: string, render: (document: unknown) => string) =>
  answering(request, async ({ requestId }) => {
    const text = texts.get(contentType) ?? render(hasVirtualClock() ? testOpenApiDocument() : openApiDocument());
    texts.set(contentType, text);
    const headers = { "content-type": contentType, "cache-control": "no-cache", "x-request-id": requestId };
    return new Response(text, { headers });
  });

/** `/api/v1/openapi.json` */
export const openapiJson = methods({
  GET: (request) => documentIn(request, "application/json", (document) => JSON.stringify(document)),
});

/** `/api/v1/openapi.yaml` */
export const openapiYaml = methods({
  GET: (request) => documentIn(request, "application/yaml", (document) => stringify(document)),
});
