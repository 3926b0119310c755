"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "~/components/ui/skeleton";
import type { TimeLinesProps } from "./recharts-lines";

const Drawing = dynamic(() => import("./recharts-lines"), {
  ssr: false,
  loading: () => <Skeleton className="h-55 w-full" />,
});

/** Lines over time. Missing data is a gap, the unfinished bucket is dotted. Use inside `ChartFrame`. */
export function TimeLines<Key extends string>({ height = 220, ...props }: TimeLinesProps<Key>) {
  return (
    <div aria-hidden style={{ height }}>
      <Drawing height={height} {...(props as unknown as TimeLinesProps<string>)} />
    </div>
  );
}
