import { TableLoading } from "~/components/tables/table-loading";

export default function Loading() {
  return <TableLoading title="Audit" columns={["Action", "Target", "Actor", "When", "Note"]} />;
}
