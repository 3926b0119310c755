import { PageHeader } from "~/components/ui/page-header";
import { Skeleton } from "~/components/ui/skeleton";

export default function Loading() {
  return (
    <>
      <PageHeader title="System" />
      <span role="status" className="sr-only">
        Loading
      </span>
      <div className="flex flex-col gap-4">
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-28 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    </>
  );
}
