import { Skeleton } from "~/components/ui/skeleton";

const FIGURES = ["succeeded", "failed", "lateness", "lag"];

export default function Loading() {
  return (
    <main className="flex min-h-[calc(100dvh-var(--strip-height))] flex-col gap-[2vw] bg-canvas p-[2.5vw] text-ink">
      <h1 className="sr-only">Wall board</h1>
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="h-[max(5rem,8vw)] w-full" />
      <div className="grid grid-cols-2 gap-[1.2vw] lg:grid-cols-4">
        {FIGURES.map((figure) => (
          <Skeleton key={figure} className="h-[max(5rem,8vw)] w-full" />
        ))}
      </div>
      <div className="grid flex-1 gap-[2vw] lg:grid-cols-2">
        <Skeleton className="h-full min-h-40 w-full" />
        <Skeleton className="h-full min-h-40 w-full" />
      </div>
    </main>
  );
}
