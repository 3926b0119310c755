import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Execution" boxes={[["h-80", "h-80"]]} />;
}
