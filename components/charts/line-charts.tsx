"use client";

import dynamic from "next/dynamic";
import { useEffect } from "react";
import { Skeleton } from "~/components/ui/skeleton";
import type { TimeLinesProps } from "./recharts-lines";

const load = () => import("./recharts-lines");
const Drawing = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

/** Loads the drawing of `TimeLines` while the data of the charts is still loading. */
export function usePreloadedTimeLines(): void {
  useEffect(() => {
    // If this load fails, the first chart tries again.
    load().catch(() => undefined);
  }, []);
}

/** Lines over time. Missing data is a gap, the unfinished bucket is dotted. Use inside `ChartFrame`. */
export function TimeLines<Key extends string>({
  height = 220,
  ...props
}: TimeLinesProps<Key> & {
  /** The least height, px. */
  height?: number;
}) {
  return (
    // Fills the frame, which a neighbour in its row may make higher than the drawing.
    <div aria-hidden className="relative flex-1" style={{ minHeight: height }}>
      <div className="absolute inset-0">
        <Drawing {...(props as unknown as TimeLinesProps<string>)} />
      </div>
    </div>
  );
}
