import {
  Ban,
  CalendarCheck2,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CirclePlay,
  CircleSlash,
  Clock3,
  Database,
  Hand,
  HourglassIcon,
  LoaderCircle,
  type LucideIcon,
  MemoryStick,
  OctagonX,
  RotateCw,
  SkipForward,
} from "lucide-react";
import type { ScheduleStatus, Tier } from "~/server/domain/schedule";
import { cn } from "./cn";
import { OUTCOME_LABELS, type ShownOutcome, STATUS_LABELS, shownOutcome, TIER_LABELS } from "./outcome";
import { endReasonLabel } from "./reasons";

interface Look {
  Icon: LucideIcon;
  className: string;
}

export const OUTCOME_LOOKS: Record<ShownOutcome, Look> = {
  succeeded: { Icon: CircleCheck, className: "bg-succeeded/12 text-succeeded-ink" },
  late: { Icon: Clock3, className: "bg-late/12 text-late-ink" },
  retrying: { Icon: RotateCw, className: "bg-retrying/12 text-retrying-ink" },
  running: { Icon: LoaderCircle, className: "bg-running/12 text-running-ink" },
  pending: { Icon: CircleDashed, className: "bg-pending/12 text-pending-ink" },
  held: { Icon: Hand, className: "bg-held/12 text-held-ink" },
  skipped: { Icon: SkipForward, className: "bg-skipped/12 text-skipped-ink" },
  expired: { Icon: HourglassIcon, className: "bg-expired/12 text-expired-ink" },
  dead: { Icon: OctagonX, className: "bg-dead/12 text-dead-ink" },
  cancelled: { Icon: Ban, className: "bg-cancelled/12 text-cancelled-ink" },
};

const STATUS_LOOKS: Record<ScheduleStatus, Look> = {
  active: { Icon: CirclePlay, className: "bg-succeeded/12 text-succeeded-ink" },
  paused: { Icon: CirclePause, className: "bg-late/12 text-late-ink" },
  disabled: { Icon: CircleSlash, className: "bg-skipped/12 text-skipped-ink" },
  completed: { Icon: CalendarCheck2, className: "bg-running/12 text-running-ink" },
};

const TIER_LOOKS: Record<Tier, Look> = {
  redis: { Icon: MemoryStick, className: "border border-line-strong text-muted" },
  clickhouse: { Icon: Database, className: "border border-line-strong text-muted" },
};

function StateBadge({
  look,
  label,
  title,
  className,
}: {
  look: Look;
  label: string;
  title?: string;
  className?: string;
}) {
  return (
    <span
      title={title}
      className={cn(
        "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-md px-1.5 font-medium text-xs",
        look.className,
        className,
      )}
    >
      <look.Icon aria-hidden className="size-3 shrink-0" />
      {/* The baseline of the text, not of the icon, aligns with a label beside the badge. */}
      <span className="self-baseline leading-5">{label}</span>
    </span>
  );
}

/**
 * The outcome of an execution as icon, word and colour. A late success shows as late. `reason` is the tooltip and, with
 * `showReason`, part of the text.
 */
export function OutcomeBadge({
  outcome,
  late,
  reason,
  showReason,
  className,
}: {
  outcome: ShownOutcome;
  late?: boolean;
  reason?: string | null;
  showReason?: boolean;
  className?: string;
}) {
  const shown = shownOutcome(outcome, late);
  const words = reason ? endReasonLabel(reason) : undefined;
  const label = showReason && words ? `${OUTCOME_LABELS[shown]}: ${words}` : OUTCOME_LABELS[shown];
  return <StateBadge look={OUTCOME_LOOKS[shown]} label={label} title={words} className={className} />;
}

/** A schedule's status as icon, word and colour. */
export function StatusBadge({ status, className }: { status: ScheduleStatus; className?: string }) {
  return <StateBadge look={STATUS_LOOKS[status]} label={STATUS_LABELS[status]} className={className} />;
}

/** The tier that holds the schedule. */
export function TierBadge({ tier, className }: { tier: Tier; className?: string }) {
  return <StateBadge look={TIER_LOOKS[tier]} label={TIER_LABELS[tier]} className={className} />;
}

/** Only the icon of an outcome, with a name for screen readers: for strips and legends. */
export function OutcomeIcon({ outcome, className }: { outcome: ShownOutcome; className?: string }) {
  const { Icon } = OUTCOME_LOOKS[outcome];
  return (
    <span className="inline-flex" title={OUTCOME_LABELS[outcome]}>
      <Icon aria-hidden className={cn("size-3.5", className)} style={{ color: `var(--outcome-${outcome}-ink)` }} />
      <span className="sr-only">{OUTCOME_LABELS[outcome]}</span>
    </span>
  );
}
