import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Loading" boxes={["h-40", "h-80"]} />;
}
