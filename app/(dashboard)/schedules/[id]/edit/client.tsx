"use client";

import { EditSchedule } from "~/components/forms/edit-schedule";
import { scheduleTitle } from "~/components/schedules/schedule-name";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { PageHeader } from "~/components/ui/page-header";
import { WithSchedule } from "../schedule-page";

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
                  { label: scheduleTitle(schedule), href: `/schedules/${scheduleId}` },
                  { label: "Edit" },
                ]}
              />
            }
            title={`Edit ${scheduleTitle(schedule)}`}
          />
          <EditSchedule schedule={schedule} />
        </>
      )}
    </WithSchedule>
  );
}
