import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const TONES = {
  info: { box: "border-info/30 bg-info-soft", ink: "text-info-ink", Icon: Info },
  success: { box: "border-success/30 bg-success-soft", ink: "text-success-ink", Icon: CircleCheck },
  warning: { box: "border-warning/40 bg-warning-soft", ink: "text-warning-ink", Icon: TriangleAlert },
  danger: { box: "border-danger/30 bg-danger-soft", ink: "text-danger-ink", Icon: CircleAlert },
} as const;

/** A message that stays on the page. `live` announces it to screen readers when it appears. */
export function Callout({
  tone = "info",
  title,
  action,
  live = tone === "danger",
  className,
  children,
}: {
  tone?: keyof typeof TONES;
  title?: ReactNode;
  action?: ReactNode;
  live?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const { box, ink, Icon } = TONES[tone];
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={cn("flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-ink text-sm", box, className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        {title ? <p className={cn("font-semibold", ink)}>{title}</p> : null}
        {children}
      </div>
      {action ? <div className="shrink-0">{action}</div> : null}
    </div>
  );
}
