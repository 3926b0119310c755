"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, Clock3, type LucideIcon, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { formatInstant } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { SkeletonLines } from "~/components/ui/skeleton";
import { TextLink } from "~/components/ui/text-link";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import { wallOf } from "~/components/ui/wall-clock";
import { sentenceOf } from "~/server/domain/explain/sentence";
import type { ShownSchedule } from "./shown-schedule";

type Answer = RouterOutputs["schedules"]["explain"]["answers"][number];

/** More answers than this are folded: a schedule of every second has 60 in a minute. */
const SHOWN = 5;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** The text of the field: a local time as it was typed, an instant in the schedule's zone, else nothing. */
function fieldText(asked: string | null, zone: string): string {
  if (asked === null || LOCAL_TIME.test(asked)) return asked ?? "";
  return Number.isNaN(Date.parse(asked)) ? "" : wallOf(asked, zone);
}

/** Asks why a schedule did, or did not, fire at a time, and shows the answer. `asked` is kept in the URL. */
export function ExplainTime({
  schedule,
  asked,
  onAsk,
}: {
  schedule: ShownSchedule;
  /** A local time in the schedule's zone, or an instant. */
  asked: string | null;
  onAsk: (time: string | null) => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      {/* A time that was clicked elsewhere on the page replaces what was typed. */}
      <AskForm key={asked} text={fieldText(asked, schedule.timezone)} zone={schedule.timezone} onAsk={onAsk} />
      <div role="status">{asked === null ? null : <Answers scheduleId={schedule.scheduleId} asked={asked} />}</div>
    </div>
  );
}

function AskForm({ text, zone, onAsk }: { text: string; zone: string; onAsk: (time: string | null) => void }) {
  // Read from the form: what was typed before the page was hydrated counts too.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("why");
    if (typeof typed === "string" && typed !== "") onAsk(typed);
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <Field label="Ask about a time" aside={zone.replaceAll("_", " ")} name="why" className="w-64 max-w-full">
        <Input type="datetime-local" step={1} required defaultValue={text} />
      </Field>
      <Button type="submit">Explain</Button>
      {text === "" ? null : (
        <Button variant="ghost" onClick={() => onAsk(null)}>
          Clear
        </Button>
      )}
    </form>
  );
}

function Answers({ scheduleId, asked }: { scheduleId: string; asked: string }) {
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const explained = useQuery(trpc.schedules.explain.queryOptions({ scheduleId, at: asked }));
  if (explained.isPending) return <SkeletonLines lines={2} />;
  if (explained.error) {
    return (
      <LoadError error={explained.error} onRetry={() => void explained.refetch()} retrying={explained.isFetching} />
    );
  }
  const { answers, currentVersion } = explained.data;
  const shown = isOpen ? answers : answers.slice(0, SHOWN);
  return (
    <>
      <ul className="flex flex-col gap-2.5">
        {shown.map((answer) => (
          <AnswerItem key={`${answer.at} ${keyOf(answer)}`} answer={answer} currentVersion={currentVersion} />
        ))}
      </ul>
      {answers.length > shown.length ? (
        <Button variant="ghost" size="sm" className="mt-1" onClick={() => setIsOpen(true)}>
          Show {answers.length - shown.length} more in this minute
        </Button>
      ) : null}
      <p className="mt-2 text-muted text-xs">
        Times in <ZoneLabel />
      </p>
    </>
  );
}

const keyOf = (answer: Answer) => ("executionId" in answer ? answer.executionId : answer.kind);

function AnswerItem({ answer, currentVersion }: { answer: Answer; currentVersion: number }) {
  const display = useDisplayZone();
  const tell = (ms: number) => ({
    clock: formatInstant(ms, { ...display, format: "time", precision: ms % 60_000 === 0 ? "minute" : "second" }),
    date: formatInstant(ms, { ...display, format: "date" }),
  });
  const { Icon, ink } = LOOKS[toneOf(answer)];
  const links = linksOf(answer);
  const isOlder = answer.version !== null && answer.version !== currentVersion;
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <div className="min-w-0 break-words">
        <p>{sentenceOf(answer, tell)}</p>
        {links.length > 0 || isOlder ? (
          <p className="flex flex-wrap gap-x-3 text-muted text-xs">
            {links.map(({ href, label }) => (
              <TextLink key={href} href={href} className="py-0.5">
                {label}
              </TextLink>
            ))}
            {isOlder ? (
              <span className="py-0.5">
                Version {answer.version} was in force; the schedule is at version {currentVersion} now.
              </span>
            ) : null}
          </p>
        ) : null}
      </div>
    </li>
  );
}

function linksOf(answer: Answer): { href: string; label: string }[] {
  if (!("executionId" in answer)) return [];
  const own = { href: `/executions/${answer.executionId}`, label: "Open execution" };
  const replay = "replay" in answer ? answer.replay : null;
  return replay === null ? [own] : [own, { href: `/executions/${replay.executionId}`, label: "Open replay" }];
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
