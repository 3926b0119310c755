import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Schedule" boxes={["h-9", "h-40", ["h-64", "h-64"]]} />;
}
