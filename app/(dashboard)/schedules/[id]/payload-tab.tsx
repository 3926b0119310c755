"use client";

import { HeadersCard } from "~/components/schedules/headers-card";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { Card } from "~/components/ui/card";
import { JsonView } from "~/components/ui/json-view";

/** The payload and headers of the event. */
export function PayloadTab({ schedule }: { schedule: ShownSchedule }) {
  return (
    <div className="flex flex-col gap-5">
      <Card title="Payload">
        <JsonView value={schedule.payload} />
      </Card>
      <HeadersCard message={schedule} />
    </div>
  );
}
