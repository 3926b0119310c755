import { TableLoading } from "~/components/tables/table-loading";
import { Skeleton } from "~/components/ui/skeleton";

export default function Loading() {
  return (
    <TableLoading title="Executions" columns={["Schedule", "Scheduled for", "Outcome", "Lateness", "Error"]}>
      <Skeleton className="mb-4 h-62 w-full" />
    </TableLoading>
  );
}
