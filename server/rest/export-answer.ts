import type { ExportFormat } from "~/server/domain/export/lines";
import type { Answer } from "./handler";

const CONTENT_TYPES: Record<ExportFormat, string> = {
  ndjson: "application/x-ndjson; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/** @param name the file name of the download, without the extension */
export function exportAnswer(
  name: string,
  { format }: { format: ExportFormat },
  stream: AsyncGenerator<string>,
): Answer {
  return {
    headers: {
      "content-type": CONTENT_TYPES[format],
      "content-disposition": `attachment; filename="${name}.${format}"`,
    },
    stream,
  };
}
