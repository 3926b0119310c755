"use client";

import { CodeBlock } from "~/components/ui/code-block";
import { NoSchedules } from "./no-schedules";

const CURL = `curl -X POST "$SCHEDULES_URL/admin/schedules" \\
  -H "Authorization: Bearer $SCHEDULES_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "daily-report",
    "cron_expression": "0 9 * * 1-5",
    "timezone": "Europe/Berlin",
    "topic": "reports",
    "entity_type": "report",
    "action": "requested",
    "payload": { "kind": "daily" }
  }'`;

/** Shown instead of an empty list before the first schedule: how to create one on the page or with the API. */
export function FirstSchedule() {
  return (
    <NoSchedules example={<CodeBlock label="Example request" code={CURL} />}>
      A schedule publishes an event once or by cron. Create one here or with the API.
    </NoSchedules>
  );
}
