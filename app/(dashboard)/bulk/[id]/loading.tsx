import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Bulk job" boxes={["h-40", "h-32"]} />;
}
