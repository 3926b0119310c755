import { z } from "zod";
import { DocumentSource, MAX_ENTRIES, Owner } from "~/server/domain/as-code/document";

/** A document and how to apply it. The entries are parsed one by one, so that an error names each invalid entry. */
export const DocumentInput = z.strictObject({
  version: z.literal(1).optional(),
  owner: Owner,
  schedules: z.array(z.unknown()).max(MAX_ENTRIES),
  source: DocumentSource.optional(),
  /** Takes over schedules of the same names that belong to no document. */
  adopt: z.boolean().optional(),
});
export type DocumentInput = z.infer<typeof DocumentInput>;

export const ApplyDocumentInput = DocumentInput.extend({
  /** Deletes schedules of the owner that the document does not have. */
  prune: z.boolean().optional(),
  /** Lets an empty document delete all schedules of the owner. */
  allowEmpty: z.boolean().optional(),
});
export type ApplyDocumentInput = z.infer<typeof ApplyDocumentInput>;

/** `unowned`: also exports schedules that belong to no document, so that the document can adopt them. */
export const ExportDocumentInput = z.strictObject({
  owner: Owner,
  unowned: z.union([z.boolean(), z.stringbool()]).optional(),
});
export type ExportDocumentInput = z.infer<typeof ExportDocumentInput>;
