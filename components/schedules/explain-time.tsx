"use client";

import dynamic from "next/dynamic";
import { type FormEvent, useState } from "react";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { SkeletonLines } from "~/components/ui/skeleton";
import { wallOf } from "~/components/ui/wall-clock";
import { WallInput } from "~/components/ui/wall-input";
import { readWall, WALL_FORMAT, wallText } from "~/components/ui/wall-text";
import type { ExplainedSchedule } from "./explain-answers";

const loading = () => <SkeletonLines lines={2} />;
const ExplainAnswers = dynamic(() => import("./explain-answers").then((module) => module.ExplainAnswers), { loading });

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** The text of the field: a local time as typed, an instant in the schedule's zone, or empty. */
function fieldText(time: string | null, zone: string): string {
  if (time === null || LOCAL_TIME.test(time)) return wallText(time ?? "");
  return Number.isNaN(Date.parse(time)) ? "" : wallText(wallOf(time, zone));
}

/** A form that asks why a schedule did, or did not, fire at a time, and the answers. */
export function ExplainTime({
  schedule,
  time,
  onAsk,
}: {
  schedule: ExplainedSchedule;
  /** The time in the URL: a local time in the schedule's zone, or an instant. Null if nothing is asked. */
  time: string | null;
  onAsk: (time: string | null) => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      {/* With the key, a time that the user clicks elsewhere on the page replaces the typed text. */}
      <AskForm key={time} text={fieldText(time, schedule.timezone)} zone={schedule.timezone} onAsk={onAsk} />
      <div role="status">{time === null ? null : <ExplainAnswers schedule={schedule} time={time} />}</div>
    </div>
  );
}

function AskForm({ text, zone, onAsk }: { text: string; zone: string; onAsk: (time: string | null) => void }) {
  const [isRefused, setRefused] = useState(false);
  // Read from the form, because the text may have been typed before hydration.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("why");
    const wall = typeof typed === "string" ? readWall(typed) : null;
    setRefused(wall === null);
    if (wall !== null) onAsk(wall);
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <Field
        label="When should it have fired?"
        aside={zone.replaceAll("_", " ")}
        name="why"
        error={isRefused ? `Enter a date and a time as ${WALL_FORMAT}.` : undefined}
        className="w-full sm:w-64"
      >
        <WallInput hasSeconds required defaultText={text} />
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
