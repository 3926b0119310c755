import { CircleAlert, CircleCheck, LoaderCircle, LockKeyhole, OctagonX, WifiOff } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { formatCounted, formatZone } from "~/components/ui/format";
import { Instant, useDisplayZone } from "~/components/ui/time";
import type { WallState } from "./wall-state";

const LOOKS = {
  starting: { Icon: LoaderCircle, className: "bg-sunken text-muted" },
  "signed-out": { Icon: LockKeyhole, className: "bg-ink text-canvas" },
  "no-signal": { Icon: WifiOff, className: "bg-ink text-canvas" },
  critical: { Icon: OctagonX, className: "bg-danger-soft text-danger-ink" },
  warning: { Icon: CircleAlert, className: "bg-warning-soft text-warning-ink" },
  ok: { Icon: CircleCheck, className: "bg-success-soft text-success-ink" },
} as const;

/** The board's state in words, icon and colour, and the clock. */
export function WallBanner({ state, nowMs }: { state: WallState; nowMs: number }) {
  const { zone } = useDisplayZone();
  const { Icon, className } = LOOKS[state.kind];
  return (
    <header className={cn("flex items-center gap-[2vw] rounded-xl px-[2.4vw] py-[1.8vw]", className)}>
      <Icon aria-hidden className="size-[max(2.5rem,5vw)] shrink-0" />
      <p role="status" className="min-w-0 flex-1">
        <span className="block font-bold text-[max(1.6rem,4vw)] leading-tight tracking-tight">{titleOf(state)}</span>
        {state.kind === "signed-out" ? (
          <span className="block text-[max(1rem,1.6vw)]">
            The session has ended. The current state is unknown.{" "}
            <a href="/login?next=%2Fwall&why=expired" className="underline">
              Sign in
            </a>
          </span>
        ) : null}
        {state.kind === "no-signal" ? (
          <span className="block text-[max(1rem,1.6vw)]">
            {state.since === null ? (
              "No answer since the board was opened"
            ) : (
              <>
                Last answer at <Instant value={state.since} format="time" precision="second" />. The current state is
                unknown.
              </>
            )}
          </span>
        ) : null}
      </p>
      <p className="shrink-0 text-right max-sm:hidden">
        <Instant
          value={nowMs}
          format="time"
          precision="second"
          className="block font-semibold text-[max(1.4rem,3.2vw)] tabular-nums leading-tight"
        />
        <span className="text-[max(0.9rem,1.5vw)]">{formatZone(nowMs, zone)}</span>
      </p>
    </header>
  );
}

function titleOf(state: WallState): string {
  switch (state.kind) {
    case "starting":
      return "Loading";
    case "signed-out":
      return "SIGNED OUT";
    case "no-signal":
      return "NO SIGNAL";
    case "critical":
      return [formatCounted(state.problems, "problem"), ...(state.warnings > 0 ? [warningsText(state)] : [])].join(
        ", ",
      );
    case "warning":
      return warningsText(state);
    case "ok":
      return "All good";
  }
}

const warningsText = ({ warnings }: { warnings: number }) => formatCounted(warnings, "warning");
