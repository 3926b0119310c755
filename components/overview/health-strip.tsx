"use client";

import { failedQueries } from "~/components/queries/failed-queries";
import type { TileQuery } from "~/components/queries/query-tile";
import { RetryFailed } from "~/components/queries/retry-failed";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { useOutage } from "~/components/reach/reach-provider";
import type { RouterOutputs } from "~/components/trpc/client";
import { Link } from "~/components/ui/link";
import { SignalText } from "~/components/ui/signal-text";
import { Skeleton } from "~/components/ui/skeleton";
import { healthSignals } from "./health-signals";

interface Props {
  health: TileQuery<RouterOutputs["monitoring"]["health"]>;
  engine: TileQuery<RouterOutputs["monitoring"]["engine"]>;
}

/** Workers, lag, the three services and the breakers at a glance; links to the system page. */
export function HealthStrip(props: Props) {
  return (
    <TileBoundary title="Health">
      <Strip {...props} />
    </TileBoundary>
  );
}

function Strip({ health, engine }: Props) {
  const unreachable = useOutage()?.parts ?? [];
  const hasAnswer = unreachable.length > 0 || ((health.data || health.error) && (engine.data || engine.error));
  // After a failure, the strip does not show the earlier answer, because it may be outdated.
  const signals = healthSignals({
    health: health.error ? undefined : health.data,
    engine: engine.error ? undefined : engine.data,
    unreachable,
  });
  return (
    <section aria-labelledby="health-heading" className="mb-4">
      <h2 id="health-heading" className="sr-only">
        Health
      </h2>
      <Link
        href="/system"
        aria-label={`Health: ${hasAnswer ? signals.map((one) => `${one.label} ${one.text}`).join(", ") : "loading"}. Open the system page`}
        className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line shadow-card hover:border-line-strong sm:grid-cols-3 xl:grid-cols-6"
      >
        {signals.map((signal) => (
          <div key={signal.id} className="flex min-w-0 flex-col gap-0.5 bg-surface px-4 py-2.5">
            <span className="text-muted text-xs">{signal.label}</span>
            {hasAnswer ? (
              <>
                <SignalText state={signal.state} className="text-sm">
                  {signal.text}
                </SignalText>
                <span className="truncate text-muted text-xs" title={signal.detail}>
                  {signal.detail}
                </span>
              </>
            ) : (
              <Skeleton className="my-1 h-7.5 w-24" />
            )}
          </div>
        ))}
      </Link>
      <RetryFailed className="mt-2" failed={failedQueries([health, engine])} />
    </section>
  );
}
