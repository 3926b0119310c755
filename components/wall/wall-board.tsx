"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { attachSignInDialog } from "~/components/access/session-end";
import { LAST_DAY, UPCOMING } from "~/components/overview/inputs";
import { nextBySchedule } from "~/components/overview/next-by-schedule";
import { useAttention } from "~/components/overview/use-attention";
import { outageWords } from "~/components/reach/outage-words";
import { useOutage } from "~/components/reach/reach-provider";
import { displayName } from "~/components/schedules/display-name";
import { RunTime, UntilRun } from "~/components/schedules/next-run";
import { useHasNoSchedules } from "~/components/schedules/no-schedules-yet";
import { useTRPC } from "~/components/trpc/client";
import { cn } from "~/components/ui/cn";
import { formatCompact, formatDuration, formatPercentile, NO_VALUE } from "~/components/ui/format";
import { MessageText } from "~/components/ui/message-text";
import { useNow } from "~/components/ui/now";
import { SignalIcon } from "~/components/ui/signal-text";
import { ZoneLabel } from "~/components/ui/time";
import { WallBanner } from "./wall-banner";
import { wallState } from "./wall-state";

const LIVE_OPTIONS = { refetchInterval: 5000, refetchIntervalInBackground: true } as const;
const MAX_PROBLEMS = 6;
const MAX_NEXT_RUNS = 10;

/** State, problems, figures of the last 24 h and the next runs, readable from across a room. */
export function WallBoard() {
  const trpc = useTRPC();
  const nowMs = useNow();
  const [openedAt] = useState(nowMs);
  const [signedOutAt, setSignedOutAt] = useState<number | null>(null);
  useEffect(() => {
    // Nobody operates this screen, so the page stays open, and the next refresh tries again.
    return attachSignInDialog(() => {
      setSignedOutAt(Date.now());
      return Promise.resolve(false);
    });
  }, []);
  const outage = useOutage();
  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, LIVE_OPTIONS));
  const engine = useQuery(trpc.monitoring.engine.queryOptions(undefined, LIVE_OPTIONS));
  const totals = useQuery(trpc.analytics.totals.queryOptions(LAST_DAY, { refetchInterval: 30_000 }));
  const upcoming = useQuery(trpc.monitoring.upcoming.queryOptions(UPCOMING, LIVE_OPTIONS));
  const { attention, isLoading } = useAttention(health, { refetchInterval: 15_000 });
  // 0 until the counts are known. Otherwise the missing counts would be shown as a lost signal.
  const answeredAt = isLoading ? 0 : Math.min(health.dataUpdatedAt, engine.dataUpdatedAt);
  const state = wallState({ attention, answeredAt, signedOutAt, openedAt, outage, nowMs });
  const isStateUnknown = state.kind === "no-signal" || state.kind === "signed-out";
  const day = isStateUnknown ? undefined : totals.data;
  const lag = isStateUnknown || engine.error ? undefined : engine.data;
  const isAllPaused = lag?.pauseAll.paused ?? false;
  const next = isStateUnknown || upcoming.error ? [] : nextBySchedule(upcoming.data ?? [], MAX_NEXT_RUNS);
  const hasNoSchedules = useHasNoSchedules(upcoming.data?.length === 0);

  return (
    <main
      aria-busy={state.kind === "starting"}
      className="flex min-h-[calc(100dvh-var(--strip-height))] flex-col gap-[2vw] bg-canvas p-[2.5vw] text-ink"
    >
      <h1 className="sr-only">Wall board</h1>
      <WallBanner state={state} nowMs={nowMs} />
      <dl className="grid grid-cols-2 gap-[1.2vw] lg:grid-cols-4">
        <Figure label="Succeeded, 24 h" value={day && formatCompact(day.totals.succeeded)} />
        <Figure
          label="Failed, 24 h"
          value={day && formatCompact(day.totals.dead + day.totals.expired)}
          tone={day && day.totals.dead + day.totals.expired > 0 ? "text-danger-ink" : undefined}
        />
        <Figure
          label="Lateness p95, 24 h"
          value={day && (day.latenessMs.p95 === null ? NO_VALUE : formatPercentile(day.latenessMs.p95))}
        />
        <Figure
          label="Lag"
          value={lag && (isAllPaused ? "Paused" : lag.overdue === 0 ? "0 s" : formatDuration(lag.oldestDueMs))}
          tone={isAllPaused ? "text-warning-ink" : undefined}
        />
      </dl>
      <div className="grid flex-1 content-start gap-[2vw] lg:grid-cols-2">
        <section aria-labelledby="problems">
          <h2 id="problems" className="mb-[0.8vw] text-[max(1rem,1.3vw)] text-muted">
            Needs attention
          </h2>
          <Problems
            items={attention.items}
            outage={outage}
            none={isStateUnknown ? "Unknown" : state.kind === "starting" ? "Loading" : "Nothing"}
            isUnknown={isStateUnknown}
          />
        </section>
        <section aria-labelledby="next-runs">
          <h2 id="next-runs" className="mb-[0.8vw] text-[max(1rem,1.3vw)] text-muted">
            Next runs
            {/* On a phone, there is no clock whose zone could be read. */}
            <span className="sm:hidden">
              , <ZoneLabel />
            </span>
          </h2>
          <ul className="flex flex-col gap-[0.6vw] text-[max(1.1rem,1.6vw)]">
            {next.map((run) => (
              <li key={run.scheduleId} className="flex items-baseline justify-between gap-4">
                <span className="truncate">{displayName(run)}</span>
                <span className="shrink-0 text-muted tabular-nums">
                  <UntilRun at={run.effective} isAllPaused={isAllPaused} /> · <RunTime {...run} />
                </span>
              </li>
            ))}
            {next.length === 0 ? (
              <li className="text-muted">
                {isStateUnknown
                  ? "Unknown"
                  : upcoming.data
                    ? hasNoSchedules
                      ? "No schedules yet"
                      : "No runs soon"
                    : "Loading"}
              </li>
            ) : null}
          </ul>
        </section>
      </div>
    </main>
  );
}

function Figure({ label, value, tone }: { label: string; value: string | undefined; tone?: string }) {
  return (
    <div className="rounded-lg border bg-surface p-[max(0.75rem,1.4vw)] shadow-card">
      <dt className="text-[max(0.9rem,1.2vw)] text-muted">{label}</dt>
      <dd className={cn("font-semibold text-[max(1.8rem,3.6vw)] tabular-nums leading-tight tracking-tight", tone)}>
        {value ?? NO_VALUE}
      </dd>
    </div>
  );
}

function Problems({
  items,
  outage,
  none,
  isUnknown,
}: {
  items: ReturnType<typeof useAttention>["attention"]["items"];
  outage: ReturnType<typeof useOutage>;
  none: string;
  /** While the state is unknown, older problems may be over. They are not shown. */
  isUnknown: boolean;
}) {
  const outageItems =
    outage === null ? [] : [{ id: "outage", state: "critical" as const, ...outageWords(outage.parts) }];
  const shown = isUnknown ? [] : [...outageItems, ...items];
  if (shown.length === 0) {
    return <p className="text-[max(1.1rem,1.6vw)] text-muted">{none}</p>;
  }
  return (
    <ul className="flex flex-col gap-[0.8vw]">
      {shown.slice(0, MAX_PROBLEMS).map((item) => (
        <li key={item.id} className="flex items-start gap-3 text-[max(1.1rem,1.6vw)]">
          <SignalIcon state={item.state} className="mt-[0.2em] size-[1.1em]" />
          <span className="min-w-0">
            <span className="block font-medium">{item.title}</span>
            <span className="block wrap-anywhere text-[0.8em] text-muted leading-snug lg:line-clamp-2">
              <MessageText text={"detail" in item ? item.detail : item.meaning} />
            </span>
          </span>
        </li>
      ))}
      {shown.length > MAX_PROBLEMS ? <li className="text-muted">and {shown.length - MAX_PROBLEMS} more</li> : null}
    </ul>
  );
}
