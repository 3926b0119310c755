import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Analytics" boxes={["h-8", ["h-28", "h-28", "h-28", "h-28"], ["h-80", "h-80"]]} />;
}
