import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import type { ScheduleView } from "~/server/domain/views";

/** The headers of a message, one a line. Repeated headers are all shown; binary values are in base64. */
export function HeadersCard({ of, none }: { of: Pick<ScheduleView, "headers" | "headerList">; none: string }) {
  const lines = of.headerList
    ? of.headerList.map(({ name, value, encoding }) =>
        value === null ? `${name} (no value)` : `${name}: ${value}${encoding === "base64" ? "  (base64)" : ""}`,
      )
    : Object.entries(of.headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <Card title="Headers">
      {lines.length === 0 ? (
        <p className="text-muted text-sm">{none}</p>
      ) : (
        <CodeBlock label="Headers" code={lines.join("\n")} wrap />
      )}
    </Card>
  );
}
