"use client";

import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { HeadersCard } from "~/components/schedules/headers-card";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPCClient } from "~/components/trpc/client";
import { Card } from "~/components/ui/card";
import { JsonView } from "~/components/ui/json-view";

/** The payload and headers of the event. A new version is masked again, because the revealed values are older. */
export function PayloadTab({ schedule }: { schedule: ShownSchedule }) {
  return <Content key={schedule.version} schedule={schedule} />;
}

function Content({ schedule }: { schedule: ShownSchedule }) {
  const client = useTRPCClient();
  const { scheduleId } = schedule;
  const revealed = useReveal(() => client.schedules.get.query({ scheduleId, reveal: true }));
  const shown = revealed.data ?? schedule;
  return (
    <div className="flex flex-col gap-5">
      <Card title="Payload">
        <MaskedNote masked={schedule.masked} revealed={revealed} />
        <JsonView value={shown.payload} />
      </Card>
      <HeadersCard message={shown} />
    </div>
  );
}
