"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, Clock3, type LucideIcon, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { SkeletonLines } from "~/components/ui/skeleton";
import { TextLink } from "~/components/ui/text-link";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import { sentenceOf } from "~/server/domain/explain/sentence";
import { answerLinks, versionHref } from "./answer-links";
import { clockAndDate, timeInBothZones } from "./asked-time";
import { zoneInWords } from "./definition-words";
import type { ShownSchedule } from "./shown-schedule";

type Answer = RouterOutputs["schedules"]["explain"]["answers"][number];

/** Number of answers shown before "Show more". A schedule that fires every second has 60 answers in a minute. */
const MAX_SHOWN = 5;

/** The schedule of the question. A deleted schedule has no page of its versions. */
export type ExplainedSchedule = Pick<ShownSchedule, "scheduleId" | "timezone"> & { isDeleted?: boolean };

/** The answers to the question why a schedule did, or did not, fire at a time. */
export function ExplainAnswers({ schedule, time }: { schedule: ExplainedSchedule; time: string }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const explained = useQuery(trpc.schedules.explain.queryOptions({ scheduleId, at: time }));
  if (explained.isPending) return <SkeletonLines lines={2} />;
  if (explained.error) {
    return (
      <LoadError error={explained.error} onRetry={() => void explained.refetch()} retrying={explained.isFetching} />
    );
  }
  const { answers, currentVersion } = explained.data;
  const shown = isOpen ? answers : answers.slice(0, MAX_SHOWN);
  return (
    <>
      <ul className="flex flex-col gap-2.5">
        {shown.map((answer, index) => (
          <AnswerItem
            key={`${answer.at} ${keyOf(answer)}`}
            namesZone={index === 0}
            schedule={schedule}
            answer={answer}
            currentVersion={currentVersion}
          />
        ))}
      </ul>
      {answers.length > shown.length ? (
        <Button variant="ghost" size="sm" className="mt-1" onClick={() => setIsOpen(true)}>
          Show {answers.length - shown.length} more in this minute
        </Button>
      ) : null}
    </>
  );
}

const isOlder = (answer: Answer, currentVersion: number): answer is Answer & { version: number } =>
  answer.version !== null && answer.version !== currentVersion;
const keyOf = (answer: Answer) => ("executionId" in answer ? answer.executionId : answer.kind);

function AnswerItem({
  schedule,
  answer,
  currentVersion,
  namesZone,
}: {
  schedule: ExplainedSchedule;
  answer: Answer;
  currentVersion: number;
  /** Adds the zone of the times to the sentence. */
  namesZone: boolean;
}) {
  const { scheduleId, timezone } = schedule;
  const display = useDisplayZone();
  const asked = timeInBothZones(Date.parse(answer.at), timezone, display);
  const format = (ms: number) => {
    const shown = clockAndDate(ms, display);
    // A sentence with two zones contains the zone of each time.
    return asked === null ? shown : { ...shown, clock: `${shown.clock} ${zoneInWords(display.zone)}` };
  };
  const sentence = sentenceOf(answer, format, asked ?? undefined);
  const { Icon, ink } = LOOKS[toneOf(answer)];
  const links = answerLinks(scheduleId, answer, { hasVersions: !schedule.isDeleted });
  const namesVersion = !schedule.isDeleted && isOlder(answer, currentVersion);
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <div className="min-w-0 break-words">
        <p>
          {sentence}
          {namesZone && asked === null ? (
            <span className="text-muted">
              {" "}
              Times in <ZoneLabel />.
            </span>
          ) : null}
        </p>
        {links.length > 0 || namesVersion ? (
          <p className="flex flex-wrap gap-x-3 text-muted text-xs">
            {links.map(({ href, label }) => (
              <TextLink key={href} href={href} className="py-0.5">
                {label}
              </TextLink>
            ))}
            {namesVersion ? (
              <span className="py-0.5">
                <TextLink href={versionHref(scheduleId, answer.version)}>Version {answer.version}</TextLink> was in
                force; the schedule is at version {currentVersion} now.
              </span>
            ) : null}
          </p>
        ) : null}
      </div>
    </li>
  );
}

type Tone = "success" | "info" | "warning" | "danger" | "unknown";
const LOOKS: Record<Tone, { Icon: LucideIcon; ink: string }> = {
  success: { Icon: CircleCheck, ink: "text-success-ink" },
  info: { Icon: Clock3, ink: "text-info-ink" },
  warning: { Icon: TriangleAlert, ink: "text-warning-ink" },
  danger: { Icon: CircleAlert, ink: "text-danger-ink" },
  unknown: { Icon: CircleHelp, ink: "text-muted" },
};

function toneOf(answer: Answer): Tone {
  switch (answer.kind) {
    case "fired":
      return answer.late ? "warning" : "success";
    case "dead":
    case "overdue":
      return "danger";
    case "expired":
    case "cancelled":
    case "skipped":
    case "retrying":
    case "held":
    case "paused":
    case "deleted":
      return "warning";
    case "unknown":
    case "no_history":
      return "unknown";
    default:
      return "info";
  }
}
