import { TableLoading } from "~/components/tables/table-loading";

export default function Loading() {
  return <TableLoading title="Dead letters" tabs columns={["Schedule", "Scheduled for", "Outcome", "Error"]} />;
}
