import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="System" boxes={["h-64", "h-36", "h-28", "h-40"]} />;
}
