import { TableLoading } from "~/components/tables/table-loading";

export default function Loading() {
  return <TableLoading title="Schedules" tabs columns={["Name", "Cadence", "Next run", "Last run", "Recent runs"]} />;
}
