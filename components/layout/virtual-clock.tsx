"use client";

import { FlaskConical } from "lucide-react";
import { useEffect, useState } from "react";
import { type DisplayZone, formatInstant, formatZone } from "~/components/ui/format";

const ADDRESS = "/api/v1/test/clock";
/** How often a visible page asks whether a test has moved the clock. */
const POLL_MS = 2000;
/** After this many failed polls in a row, the shown time is unconfirmed. */
const MAX_FAILURES = 2;

/**
 * The virtual time, on every page of an installation with a virtual clock, so that nobody takes it for the real time.
 * Between two answers of the server, the shown time runs on by itself. The server is not asked while the tab is hidden,
 * and never if the caller may not read the clock (`isReadable` is false).
 */
export function VirtualClock({
  nowMs,
  isReadable,
  display,
}: {
  /** The virtual time at which the server rendered the page, epoch ms. */
  nowMs: number;
  isReadable: boolean;
  display: DisplayZone;
}) {
  const [shownMs, setShownMs] = useState(nowMs);
  const [isConfirmed, setConfirmed] = useState(true);
  useEffect(() => {
    let aheadMs = nowMs - Date.now();
    let failures = 0;
    const show = () => setShownMs(Date.now() + aheadMs);
    const ask = async () => {
      if (document.visibilityState === "hidden") return;
      const virtualMs = await readClock();
      failures = virtualMs === null ? failures + 1 : 0;
      setConfirmed(failures < MAX_FAILURES);
      if (virtualMs !== null) aheadMs = virtualMs - Date.now();
      show();
    };
    const onVisibility = () => void ask();
    const timers = [setInterval(show, 1000)];
    if (isReadable) {
      timers.push(setInterval(() => void ask(), POLL_MS));
      document.addEventListener("visibilitychange", onVisibility);
    }
    return () => {
      timers.forEach(clearInterval);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [nowMs, isReadable]);
  return <Strip shownMs={shownMs} isConfirmed={isConfirmed} display={display} />;
}

/** `isConfirmed` is false after the server has repeatedly failed to give its time. */
export function Strip({
  shownMs,
  isConfirmed,
  display,
}: {
  shownMs: number;
  isConfirmed: boolean;
  display: DisplayZone;
}) {
  return (
    <aside
      aria-label="Virtual clock"
      className="sticky bottom-0 z-30 flex h-(--strip-height) items-center justify-center gap-1.5 overflow-hidden whitespace-nowrap border-warning/40 border-t bg-warning-soft px-3 text-ink text-xs"
    >
      <FlaskConical aria-hidden className="size-3.5 shrink-0 text-warning-ink" />
      <p className="truncate">
        <span className="font-semibold text-warning-ink">
          {isConfirmed ? "Virtual time" : "Unconfirmed virtual time"}
        </span>{" "}
        <time dateTime={new Date(shownMs).toISOString()} className="tabular-nums">
          {formatInstant(shownMs, { ...display, precision: "second" })}
        </time>{" "}
        <span className="text-muted">{formatZone(shownMs, display.zone)}</span>
        <span className="text-muted max-sm:sr-only">
          {isConfirmed ? null : ". It could not be read from the server"}. This installation is for tests.
        </span>
      </p>
    </aside>
  );
}

/** The time of the virtual clock, epoch ms; null if the server does not give it. Never throws. */
async function readClock(): Promise<number | null> {
  try {
    const answer = await fetch(ADDRESS, { cache: "no-store", signal: AbortSignal.timeout(POLL_MS) });
    const { now } = (await answer.json()) as { now?: unknown };
    const ms = typeof now === "string" ? Date.parse(now) : Number.NaN;
    return Number.isNaN(ms) ? null : ms;
  } catch {
    return null;
  }
}
