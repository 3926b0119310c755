import { PageLoading } from "~/components/ui/page-loading";

export default function Loading() {
  return <PageLoading title="Duplicate schedule" boxes={[["h-160", "h-80"]]} />;
}
