import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import type { ScheduleView } from "~/server/domain/views";

/** The headers of a message, one per line. Shows repeated headers, and binary values in base64. */
export function HeadersCard({ message }: { message: Pick<ScheduleView, "headers" | "headerList"> }) {
  const lines = message.headerList
    ? message.headerList.map(({ name, value, encoding }) =>
        value === null ? `${name} (no value)` : `${name}: ${value}${encoding === "base64" ? "  (base64)" : ""}`,
      )
    : Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <Card title="Headers">
      {lines.length === 0 ? (
        <p className="text-muted text-sm">No headers.</p>
      ) : (
        <CodeBlock label="Headers" code={lines.join("\n")} wrap />
      )}
    </Card>
  );
}
