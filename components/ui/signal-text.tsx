import { CircleAlert, CircleCheck, CircleHelp, CirclePause, type LucideIcon, OctagonX } from "lucide-react";
import { cn } from "./cn";

export type SignalState = "ok" | "warning" | "critical" | "unknown" | "paused";

const LOOKS: Record<SignalState, { Icon: LucideIcon; ink: string }> = {
  ok: { Icon: CircleCheck, ink: "text-success-ink" },
  warning: { Icon: CircleAlert, ink: "text-warning-ink" },
  critical: { Icon: OctagonX, ink: "text-danger-ink" },
  unknown: { Icon: CircleHelp, ink: "text-muted" },
  paused: { Icon: CirclePause, ink: "text-warning-ink" },
};

/** Only the icon of a health state. Show the state in words beside it. */
export function SignalIcon({ state, className = "size-4" }: { state: SignalState; className?: string }) {
  const { Icon, ink } = LOOKS[state];
  return <Icon aria-hidden className={cn("shrink-0", ink, className)} />;
}

/** A health state as icon, word and colour. */
export function SignalText({
  state,
  children,
  className,
}: {
  state: SignalState;
  children: string;
  className?: string;
}) {
  const { Icon, ink } = LOOKS[state];
  return (
    <span className={cn("flex w-fit items-center gap-1.5 font-medium", ink, className)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {/* The baseline of the text, not of the icon, aligns with a label beside it. */}
      <span className="self-baseline">{children}</span>
    </span>
  );
}
