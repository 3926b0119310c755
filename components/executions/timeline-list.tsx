import { cn } from "~/components/ui/cn";
import { Instant } from "~/components/ui/time";
import type { TimelineStep } from "./timeline";

const DOTS: Record<TimelineStep["tone"], string> = {
  neutral: "bg-line-control",
  success: "bg-success",
  warning: "bg-warning",
  danger: "bg-danger",
};

export function TimelineList({ steps }: { steps: readonly TimelineStep[] }) {
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => (
        <li key={step.id} className="relative flex gap-3 pb-5 last:pb-0">
          {index < steps.length - 1 ? (
            <span aria-hidden className="absolute top-4 bottom-0 left-[5px] w-px bg-line-strong" />
          ) : null}
          <span aria-hidden className={cn("mt-1.5 size-2.75 shrink-0 rounded-full", DOTS[step.tone])} />
          <div className="min-w-0 flex-1 text-sm">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span className="font-medium">{step.title}</span>
              {step.at ? <Instant value={step.at} precision="ms" className="text-muted" /> : null}
            </p>
            {step.detail ? (
              // The error of an attempt is shown as it was recorded, so only the last detail is capitalised.
              <p className={cn("mt-0.5 break-words text-muted", step.id === "end" && "first-letter:uppercase")}>
                {step.detail}
              </p>
            ) : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
