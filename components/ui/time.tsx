"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { cn } from "./cn";
import {
  type DisplayZone,
  formatDuration,
  formatInstant,
  formatInstantTitle,
  formatLateness,
  formatOffset,
  formatRelative,
  formatZone,
  type InstantFormat,
  type InstantPrecision,
  type TimeInput,
  toEpochMs,
  zoneOffsetMinutes,
} from "./format";
import { NoValue } from "./no-value";
import { ServerNowContext, useNow } from "./now";

const DisplayZoneContext = createContext<DisplayZone>({ zone: "UTC", hour12: false });

/** Provides the display zone. `now` is the server's time of rendering, epoch ms. */
export function DisplayZoneProvider({
  zone,
  hour12,
  now,
  children,
}: DisplayZone & { now: number; children: ReactNode }) {
  const value = useMemo(() => ({ zone, hour12 }), [zone, hour12]);
  return (
    <DisplayZoneContext value={value}>
      <ServerNowContext value={now}>{children}</ServerNowContext>
    </DisplayZoneContext>
  );
}

export function useDisplayZone(): DisplayZone {
  return useContext(DisplayZoneContext);
}

/**
 * A time in the display zone; the tooltip has weekday, ms, zone and UTC. `zone` overrides the display zone, for
 * times in the zone of a schedule. `showZone` adds the zone with its offset, or only the `offset`.
 */
export function Instant({
  value,
  format,
  precision,
  zone,
  showZone = zone !== undefined,
  className,
}: {
  value: TimeInput | null | undefined;
  format?: InstantFormat;
  precision?: InstantPrecision;
  zone?: string;
  showZone?: boolean | "offset";
  className?: string;
}) {
  const display = useDisplayZone();
  const ms = toEpochMs(value);
  if (ms === null) return <NoValue />;
  const shown = { hour12: display.hour12, zone: zone ?? display.zone };
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatInstantTitle(ms, shown)} className={className}>
      <span className="whitespace-nowrap">{formatInstant(ms, { ...shown, format, precision })}</span>
      {showZone ? (
        <span className="text-subtle">
          {" "}
          {showZone === "offset" ? formatOffset(zoneOffsetMinutes(ms, shown.zone)) : formatZone(ms, shown.zone)}
        </span>
      ) : null}
    </time>
  );
}

/** "in 5 min", "3 min ago", updated as time passes; the tooltip has the exact time. */
export function Relative({ value, className }: { value: TimeInput | null | undefined; className?: string }) {
  const display = useDisplayZone();
  const now = useNow();
  const ms = toEpochMs(value);
  if (ms === null) return <NoValue />;
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={formatInstantTitle(ms, display)}
      className={cn("whitespace-nowrap", className)}
    >
      {formatRelative(ms, now)}
    </time>
  );
}

/** Lateness with sign and unit, marked if `late` (the ledger's flag). */
export function Lateness({
  ms,
  late,
  className,
}: {
  ms: number | null | undefined;
  late?: boolean;
  className?: string;
}) {
  if (ms === null || ms === undefined) return <NoValue />;
  return (
    <span className={cn("whitespace-nowrap", late ? "font-medium text-late-ink" : "text-muted", className)}>
      {formatLateness(ms)}
      {late ? <span className="sr-only"> late</span> : null}
    </span>
  );
}

export function Duration({ ms, className }: { ms: number | null | undefined; className?: string }) {
  if (ms === null || ms === undefined) return <NoValue />;
  return <span className={cn("whitespace-nowrap", className)}>{formatDuration(ms)}</span>;
}

/** The name of the display zone with its current offset; `short` is only the offset. */
export function ZoneLabel({ short, className }: { short?: boolean; className?: string }) {
  const { zone } = useDisplayZone();
  const now = useNow(60_000);
  const text = short ? formatOffset(zoneOffsetMinutes(now, zone)) : formatZone(now, zone);
  return <span className={className}>{text}</span>;
}
