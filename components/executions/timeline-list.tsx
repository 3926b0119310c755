import { Circle, CircleCheck, CircleX, type LucideIcon, TriangleAlert } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { Instant } from "~/components/ui/time";
import type { TimelineStep } from "./timeline";

/** Each tone has its own shape, because colour alone does not tell tones apart for everyone. */
const MARKS: Record<TimelineStep["tone"], { Icon: LucideIcon; ink: string }> = {
  neutral: { Icon: Circle, ink: "text-muted" },
  success: { Icon: CircleCheck, ink: "text-success-ink" },
  warning: { Icon: TriangleAlert, ink: "text-warning-ink" },
  danger: { Icon: CircleX, ink: "text-danger-ink" },
};

export function TimelineList({ steps }: { steps: readonly TimelineStep[] }) {
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => (
        <li key={step.id} className="relative flex gap-3 pb-5 last:pb-0">
          {index < steps.length - 1 ? (
            <span aria-hidden className="absolute top-5.5 bottom-0 left-[6.5px] w-px bg-line-strong" />
          ) : null}
          <Mark tone={step.tone} />
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

function Mark({ tone }: Pick<TimelineStep, "tone">) {
  const { Icon, ink } = MARKS[tone];
  return <Icon aria-hidden className={cn("mt-1 size-3.5 shrink-0", ink)} />;
}
