"use client";

import { EditSchedule } from "~/components/forms/edit-schedule";
import { displayName } from "~/components/schedules/display-name";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { PageHeader } from "~/components/ui/page-header";
import { WithSchedule } from "../with-schedule";

export function EditScheduleClient({ scheduleId }: { scheduleId: string }) {
  return (
    <WithSchedule scheduleId={scheduleId} fresh>
      {(schedule) => (
        <>
          <PageHeader
            breadcrumb={
              <Breadcrumb
                items={[
                  { label: "Schedules", href: "/schedules" },
                  { label: displayName(schedule), href: `/schedules/${scheduleId}` },
                  { label: "Edit" },
                ]}
              />
            }
            title={`Edit ${displayName(schedule)}`}
          />
          <EditSchedule schedule={schedule} />
        </>
      )}
    </WithSchedule>
  );
}
