import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Edit schedule" boxes={[["h-160", "h-80"]]} />;
}
