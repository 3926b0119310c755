import { CalendarPlus } from "lucide-react";
import type { ReactNode } from "react";
import { IfMay } from "~/components/access/may";
import { ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";

/** The empty state of an installation without schedules: `children` says what will be shown here. */
export function NoSchedules({ example, children }: { example?: ReactNode; children: ReactNode }) {
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
      example={example}
    >
      {children}
    </EmptyState>
  );
}
