import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Upcoming" boxes={["h-9", "h-8", ["h-24", "h-24", "h-24", "h-24"], "h-80", "h-80"]} />;
}
