"use client";

import { useState } from "react";
import { CreateSchedule } from "~/components/forms/create-schedule";
import { duplicateValuesOf } from "~/components/forms/schedule-form-values";
import { displayName } from "~/components/schedules/display-name";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { PageHeader } from "~/components/ui/page-header";
import { WithSchedule } from "../with-schedule";

export function DuplicateScheduleClient({ scheduleId }: { scheduleId: string }) {
  return <WithSchedule scheduleId={scheduleId}>{(schedule) => <Duplicate schedule={schedule} />}</WithSchedule>;
}

function Duplicate({ schedule }: { schedule: ShownSchedule }) {
  const [initial] = useState(() => duplicateValuesOf(schedule, Date.now()));
  const href = `/schedules/${schedule.scheduleId}`;
  return (
    <>
      <PageHeader
        breadcrumb={
          <Breadcrumb
            items={[
              { label: "Schedules", href: "/schedules" },
              { label: displayName(schedule), href },
              { label: "Duplicate" },
            ]}
          />
        }
        title={`Copy of ${displayName(schedule)}`}
        description="Nothing is saved until you create the copy. The copy starts without executions."
      />
      <CreateSchedule
        initial={initial}
        cancelHref={href}
        draft={`duplicate:${schedule.scheduleId}`}
        initiallyDirty
        maskedValuesFrom={schedule.masked.length > 0 ? schedule.scheduleId : undefined}
      />
    </>
  );
}
