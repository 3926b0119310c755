import { documentSchema } from "~/server/domain/as-code/json-schema";
import {
  ApplyDocumentInput,
  applyDocument,
  DocumentInput,
  diffDocument,
  ExportDocumentInput,
  exportDocument,
} from "~/server/services/as-code";
import { answering, methods, restRoute } from "../handler";
import { wireSchema } from "../openapi/wire-schema";
import { MAX_BATCH_BYTES } from "../request";

/** `/admin/schedules/documents/diff`: what `apply` would change. */
export const documentsDiff = methods({
  POST: restRoute({
    right: "schedules:read",
    input: DocumentInput,
    keepsJsonText: true,
    maxBytes: MAX_BATCH_BYTES,
    takesLong: true,
    run: async (call) => ({ body: await diffDocument(call) }),
  }),
});

/** `/admin/schedules/documents/apply`: a repeat changes nothing, so it needs no `Idempotency-Key`. */
export const documentsApply = methods({
  POST: restRoute({
    right: "schedules:edit",
    input: ApplyDocumentInput,
    keepsJsonText: true,
    maxBytes: MAX_BATCH_BYTES,
    takesLong: true,
    run: async (call) => ({ body: await applyDocument(call) }),
  }),
});

/** `/admin/schedules/documents/export`: the document of an owner. */
export const documentsExport = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ExportDocumentInput,
    takesLong: true,
    run: async (call) => ({ body: await exportDocument(call) }),
  }),
});

let schema: string | undefined;

/** `/api/v1/schedules.schema.json`: the same for every caller and installation, so it needs no credentials. */
export const documentSchemaRoute = methods({
  GET: (request) =>
    answering(request, async ({ requestId }) => {
      schema ??= JSON.stringify({ title: "Schedules as code", ...(wireSchema(documentSchema()) as object) });
      const headers = { "content-type": "application/schema+json", "cache-control": "no-cache" };
      return new Response(schema, { headers: { ...headers, "x-request-id": requestId } });
    }),
});
