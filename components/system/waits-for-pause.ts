import type { RouterOutputs } from "~/components/trpc/client";

type Breaker = RouterOutputs["monitoring"]["engine"]["breakers"][number];

/** Whether the next trial waits for the end of a pause of all firing. Calls to ClickHouse are tried during a pause. */
export const waitsForPause = ({ kind }: Pick<Breaker, "kind">, isPaused: boolean): boolean =>
  isPaused && kind === "topic";
