"use client";

import { CalendarPlus } from "lucide-react";
import { IfMay } from "~/components/access/may";
import { ButtonLink } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { EmptyState } from "~/components/ui/empty-state";

const CURL = `curl -X POST "$SCHEDULES_URL/admin/schedules" \\
  -H "Authorization: Bearer $STUFIO_API_KEY" \\
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
    <EmptyState
      icon={<CalendarPlus />}
      title="No schedules yet"
      action={
        <IfMay right="schedules:create">
          <ButtonLink variant="primary" href="/schedules/new">
            Create a schedule
          </ButtonLink>
        </IfMay>
      }
      example={<CodeBlock label="Example request" code={CURL} />}
    >
      A schedule publishes an event once or by cron. Create one here or with the API.
    </EmptyState>
  );
}
