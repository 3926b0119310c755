import { stringify } from "yaml";
import type { Format } from "../output/format.js";

/** The text of a document: YAML with the address of its schema for editors, or JSON, which `apply` reads too. */
export function documentText(document: object, { format, url }: { format: Format; url: string | null }): string {
  if (format !== "table") return `${JSON.stringify(document, null, format === "json" ? 2 : undefined)}\n`;
  const schema = url === null ? "" : `# yaml-language-server: $schema=${url}/api/v1/schedules.schema.json\n`;
  return `${schema}${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
