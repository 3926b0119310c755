"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { errorText } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import type { ScheduleFormValues } from "./schedule-form-model";
import { slotText, timeText } from "./slot-words";

/**
 * On a click, finds a less loaded minute near the cron's minute. A change of cron or zone hides the answer.
 * `scheduleId` is the edited schedule, whose own firings do not count.
 */
export function SlotSuggestion({
  scheduleId,
  onUse,
}: {
  scheduleId: string | undefined;
  onUse: (cron: string) => void;
}) {
  const trpc = useTRPC();
  const [cron, timezone] = useWatch<ScheduleFormValues, ["cronExpression", "timezone"]>({
    name: ["cronExpression", "timezone"],
  });
  const [asked, setAsked] = useState<{ cron: string; timezone: string } | null>(null);
  const isAsked = asked !== null && asked.cron === cron && asked.timezone === timezone;
  const query = useQuery(
    trpc.upcoming.suggestSlot.queryOptions(
      { cronExpression: cron, timezone, scheduleId },
      { enabled: isAsked, retry: false },
    ),
  );
  const slot = isAsked ? query.data : undefined;
  const better = slot?.cronExpression ?? null;
  return (
    <Suggestion
      isPossible={cron.trim() !== ""}
      isAsked={isAsked}
      query={query}
      text={
        slot === null
          ? "A minute can be suggested only if the minute of the cron expression is a single number."
          : slot && slotText(slot, timezone)
      }
      onAsk={() => setAsked({ cron, timezone })}
      onUse={better === null ? undefined : () => onUse(better)}
    />
  );
}

/** Like `SlotSuggestion`, near the time of a one-time schedule. */
export function TimeSuggestion({
  scheduleId,
  time,
  timezone,
  onUse,
}: {
  scheduleId: string | undefined;
  time: string;
  timezone: string;
  onUse: (time: string) => void;
}) {
  const trpc = useTRPC();
  const [asked, setAsked] = useState<string | null>(null);
  const isAsked = asked === time;
  const query = useQuery(
    trpc.upcoming.suggestTime.queryOptions({ executionTime: time, scheduleId }, { enabled: isAsked, retry: false }),
  );
  const found = isAsked ? query.data : undefined;
  const better = found && found.best.at !== found.wanted.at ? found.best.at : null;
  return (
    <Suggestion
      isPossible
      isAsked={isAsked}
      query={query}
      text={found === null ? "The time has passed." : found && timeText(found, timezone)}
      onAsk={() => setAsked(time)}
      onUse={better === null ? undefined : () => onUse(better)}
    />
  );
}

/** A button that asks for a suggestion. The suggestion replaces the button. */
function Suggestion({
  isPossible,
  isAsked,
  query,
  text,
  onAsk,
  onUse,
}: {
  isPossible: boolean;
  isAsked: boolean;
  query: { error: unknown; isFetching: boolean; refetch: () => unknown };
  /** Undefined before the answer. */
  text: string | undefined;
  onAsk: () => void;
  /** Applies the suggestion. Undefined if there is no answer, or no minute is less loaded. */
  onUse: (() => void) | undefined;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {text === undefined ? (
        <Button
          size="sm"
          disabled={!isPossible}
          loading={isAsked && query.isFetching}
          onClick={() => (isAsked ? void query.refetch() : onAsk())}
        >
          Find a less loaded minute
        </Button>
      ) : null}
      <p role="status" className="min-w-0 text-muted">
        {isAsked && query.error ? errorText(query.error) : null}
        {text}
      </p>
      {onUse ? (
        <Button size="sm" onClick={onUse}>
          Use this minute
        </Button>
      ) : null}
    </div>
  );
}
