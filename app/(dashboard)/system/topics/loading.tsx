import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Topics" boxes={["h-96"]} />;
}
