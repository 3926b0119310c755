import { CircleAlert, CircleCheck, CircleHelp, type LucideIcon, OctagonX } from "lucide-react";
import { cn } from "./cn";

export type SignalState = "ok" | "warning" | "critical" | "unknown";

const LOOKS: Record<SignalState, { Icon: LucideIcon; ink: string }> = {
  ok: { Icon: CircleCheck, ink: "text-success-ink" },
  warning: { Icon: CircleAlert, ink: "text-warning-ink" },
  critical: { Icon: OctagonX, ink: "text-danger-ink" },
  unknown: { Icon: CircleHelp, ink: "text-muted" },
};

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
      {children}
    </span>
  );
}
