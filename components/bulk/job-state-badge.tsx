import { Badge } from "~/components/ui/badge";
import { type BulkJob, JOB_STATES } from "./words";

/** The state of a job as icon, word and colour. */
export function JobStateBadge({ status }: Pick<BulkJob, "status">) {
  const { label, Icon, tone } = JOB_STATES[status];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {label}
    </Badge>
  );
}
