"use client";

import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { JsonView } from "~/components/ui/json-view";

/** What the event carries. */
export function PayloadTab({ schedule }: { schedule: ShownSchedule }) {
  const headers = Object.entries(schedule.headers);
  return (
    <div className="flex max-w-4xl flex-col gap-5">
      <Card title="Payload">
        <JsonView value={schedule.payload} />
      </Card>
      <Card title="Headers">
        {headers.length === 0 ? (
          <p className="text-muted text-sm">It has no headers of its own.</p>
        ) : (
          <CodeBlock label="Headers" code={headers.map(([name, value]) => `${name}: ${value}`).join("\n")} wrap />
        )}
      </Card>
    </div>
  );
}
