import { PageHeader } from "~/components/ui/page-header";
import { Skeleton } from "~/components/ui/skeleton";

const TILES = ["succeeded", "failed", "lateness", "due"];

export default function Loading() {
  return (
    <>
      <PageHeader title="Overview" />
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="mb-4 h-18 w-full" />
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        {TILES.map((tile) => (
          <Skeleton key={tile} className="h-28 w-full" />
        ))}
      </div>
      <Skeleton className="h-80 w-full" />
    </>
  );
}
