"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useIsAllPaused } from "~/components/pause-all/use-pause-all";
import { useTRPC } from "~/components/trpc/client";
import { DescriptionList } from "~/components/ui/description-list";
import { formatCounted, formatNumber, toSentenceCase } from "~/components/ui/format";
import { NoValue } from "~/components/ui/no-value";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Relative } from "~/components/ui/time";
import type { LastPause } from "~/server/domain/audit/pauses";
import { shownActor } from "~/server/domain/shown-actor";
import { CodeOrigin } from "./code-badge";
import { type Fact, factsBy } from "./default-fields";
import {
  CATCH_UP_WORDS,
  DST_GAP_WORDS,
  DST_OVERLAP_WORDS,
  jitterInWords,
  secondsInWords,
  UNSET_WORDS,
  zoneInWords,
} from "./definition-words";
import { UntilRun } from "./next-run";
import { PauseStory } from "./pause-story";
import { settingDefaultsOf } from "./setting-defaults";
import type { ShownSchedule } from "./shown-schedule";
import { SOURCE_LABELS } from "./source-labels";

const mono = (text: string | null) => (text ? <code className="break-all font-mono text-xs">{text}</code> : null);

const FACTS: Record<Fact, (s: ShownSchedule) => { term: string; value: ReactNode }> = {
  cadence: (s) =>
    s.cronExpression === null
      ? { term: "Time", value: <Instant value={s.executionTime} zone={s.timezone} /> }
      : { term: "Cron expression", value: mono(s.cronExpression) },
  timezone: (s) => ({ term: "Time zone", value: zoneInWords(s.timezone) }),
  startAt: (s) => ({
    term: "Start",
    value: s.startAt ? <Instant value={s.startAt} showZone="offset" /> : UNSET_WORDS.startAt,
  }),
  endAt: (s) => ({ term: "End", value: s.endAt ? <Instant value={s.endAt} showZone="offset" /> : UNSET_WORDS.endAt }),
  maxRuns: (s) => ({ term: "Maximum runs", value: s.maxRuns === null ? UNSET_WORDS.maxRuns : String(s.maxRuns) }),
  jitter: (s) => ({ term: "Jitter", value: jitterInWords(s.jitterSeconds) }),
  topic: (s) => ({ term: "Topic", value: mono(s.topic) }),
  event: (s) => ({ term: "Event", value: mono(`${s.entityType}.${s.action}`) }),
  entityId: (s) => ({ term: "Entity id", value: mono(s.entityId) }),
  correlationId: (s) => ({ term: "Correlation id", value: mono(s.correlationId) }),
  catchUp: ({ catchUp: { policy, windowSeconds, maxRuns } }) => ({
    term: "Catch-up policy",
    value:
      policy === "none"
        ? CATCH_UP_WORDS.none
        : `${CATCH_UP_WORDS[policy]}, within ${secondsInWords(windowSeconds)}${policy === "all" ? `, at most ${maxRuns}` : ""}`,
  }),
  dstGap: (s) => ({ term: "Daylight saving: time does not exist", value: DST_GAP_WORDS[s.dstGap] }),
  dstOverlap: (s) => ({ term: "Daylight saving: time occurs twice", value: DST_OVERLAP_WORDS[s.dstOverlap] }),
  retries: (s) => ({
    term: "Retries",
    value: `${s.maxRetries}, the first within ${secondsInWords(s.retryDelaySeconds)} after a failure`,
  }),
  expires: (s) => ({ term: "Maximum delay", value: secondsInWords(s.maxDelaySeconds) }),
  priority: (s) => ({ term: "Priority", value: String(s.priority) }),
};

function factOf(fact: Fact, schedule: ShownSchedule): { term: string; value: ReactNode } {
  const { term, value } = FACTS[fact](schedule);
  return { term, value: typeof value === "string" ? toSentenceCase(value) : value };
}

/** The state and the definition of a schedule. Values that equal their defaults are folded. */
export function ScheduleDetailsList({
  schedule,
  onlyDefinition = false,
  clockChange,
  lastPause,
  runAfterPause = null,
}: {
  schedule: ShownSchedule;
  /** Leaves out the state, for an earlier version. */
  onlyDefinition?: boolean;
  /** The next clock change and its effect, in words. */
  clockChange?: string | null;
  lastPause?: LastPause;
  /** The first run after a pause that ends by itself, ISO 8601. */
  runAfterPause?: string | null;
}) {
  const trpc = useTRPC();
  const list = useQuery(trpc.settings.list.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  const settings = settingDefaultsOf(list.data, "UTC");
  const changedGroups = factsBy(schedule, { settings, areDefault: false });
  const defaultGroups = factsBy(schedule, { settings, areDefault: true });
  const defaultCount = defaultGroups.reduce((sum, { facts }) => sum + facts.length, 0);
  return (
    <div className="flex flex-col gap-5">
      {onlyDefinition ? null : <State schedule={schedule} lastPause={lastPause} runAfterPause={runAfterPause} />}
      {changedGroups.map(({ group, facts }) => (
        <section key={group}>
          <h3 className="mb-2 font-medium text-sm">{group}</h3>
          <DescriptionList
            columns={3}
            items={[
              ...facts.map((fact) => factOf(fact, schedule)),
              ...(group === "Schedule" && clockChange ? [{ term: "Next clock change", value: clockChange }] : []),
            ]}
          />
        </section>
      ))}
      {defaultCount === 0 ? null : (
        <details className="group rounded-md border px-3 py-2">
          <summary className="flex cursor-pointer items-center gap-1.5 text-muted text-sm">
            <ChevronRight aria-hidden className="size-4 shrink-0 group-open:rotate-90" />
            Show {formatCounted(defaultCount, "default setting")}
          </summary>
          <div className="mt-3 flex flex-col gap-4 pb-1">
            {defaultGroups.map(({ group, facts }) => (
              <section key={group}>
                <h3 className="mb-2 font-medium text-sm">{group}</h3>
                <DescriptionList columns={3} items={facts.map((fact) => factOf(fact, schedule))} />
              </section>
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

function NextRun({ schedule: s, runAfterPause }: { schedule: ShownSchedule; runAfterPause: string | null }) {
  const isAllPaused = useIsAllPaused();
  if (s.nextExecution) {
    return (
      <>
        <UntilRun at={s.nextExecution} jitterSeconds={s.jitterSeconds} isAllPaused={isAllPaused} />{" "}
        <Instant value={s.nextExecution} showZone="offset" className="block text-muted" />
      </>
    );
  }
  if (runAfterPause === null) return s.status === "paused" ? "None while it is paused" : <NoValue />;
  return (
    <>
      Planned after the resume: <Instant value={runAfterPause} showZone="offset" className="block text-muted" />
    </>
  );
}

function State({
  schedule: s,
  lastPause,
  runAfterPause,
}: {
  schedule: ShownSchedule;
  lastPause: LastPause | undefined;
  runAfterPause: string | null;
}) {
  return (
    <DescriptionList
      columns={3}
      items={[
        {
          term: "Next run",
          value: <NextRun schedule={s} runAfterPause={runAfterPause} />,
        },
        {
          term: "Last run",
          value: s.lastStatus ? (
            <span className="flex flex-wrap items-center gap-1.5">
              <OutcomeBadge outcome={s.lastStatus} />
              <Relative value={s.lastExecution} />
            </span>
          ) : (
            "Never"
          ),
        },
        {
          term: "Runs",
          value: (
            <>
              {formatNumber(s.executionCount)}
              {s.errorCount === 0 ? "" : ` · ${formatNumber(s.errorCount)} dead`}
              {/* The tab Executions also lists these runs. */}
              <span className="block text-muted text-xs">Skipped and cancelled runs are not counted</span>
            </>
          ),
        },
        ...(s.maxRuns === null || s.runsTaken === null
          ? []
          : [
              {
                term: "Runs towards the maximum",
                value: (
                  <>
                    {formatNumber(s.runsTaken)} of {formatNumber(s.maxRuns)}
                    <span className="block text-muted text-xs">Manual runs and replays are not counted</span>
                  </>
                ),
              },
            ]),
        ...(s.lastError
          ? [{ term: "Last error", value: <span className="text-danger-ink">{s.lastError}</span>, isWide: true }]
          : []),
        // The banner of a paused schedule has the same facts.
        ...(lastPause && s.status !== "paused"
          ? [{ term: "Last pause", value: <PauseStory pause={lastPause} />, isWide: true }]
          : []),
        { term: "Source", value: SOURCE_LABELS[s.source] },
        ...(s.managedBy === null ? [] : [{ term: "Document", value: <CodeOrigin managedBy={s.managedBy} /> }]),
        {
          term: "Created",
          value: (
            <>
              <Instant value={s.createdAt} showZone="offset" /> by {shownActor(s.createdBy)}
            </>
          ),
        },
        {
          term: "Updated",
          value: (
            <>
              <Instant value={s.updatedAt} showZone="offset" />, version&nbsp;{s.version}
            </>
          ),
        },
      ]}
    />
  );
}
