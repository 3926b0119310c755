import { TableLoading } from "~/components/tables/table-loading";

export default function Loading() {
  return (
    <TableLoading title="Bulk jobs" filters={false} columns={["Job", "State", "Progress", "Failed", "Requested"]} />
  );
}
