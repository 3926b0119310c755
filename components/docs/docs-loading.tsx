import { Skeleton, SkeletonLines } from "~/components/ui/skeleton";

/** A page of the documentation before its text. */
export function DocsLoading() {
  return (
    <div className="max-w-3xl">
      <Skeleton className="mb-4 h-7 w-64 max-w-full" />
      <SkeletonLines lines={12} />
    </div>
  );
}
