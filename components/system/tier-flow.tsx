"use client";

import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, type LucideIcon } from "lucide-react";
import type { RetriedQuery } from "~/components/queries/failed-queries";
import { RetryFailed } from "~/components/queries/retry-failed";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { useNow } from "~/components/ui/now";
import { type FlowArrow, type FlowBox, type FlowSource, flowSentence, tierFlow } from "./tier-flow-words";

/** A picture of the flow from ClickHouse through Redis to the bus, and from Redis through the outbox to ClickHouse. */
export function TierFlow({ failed, ...source }: FlowSource & { failed: RetriedQuery | null }) {
  return (
    <Card
      className="mb-4"
      title="Flow"
      description="Schedules move to Redis before they are due. Events go to the bus, and every change is recorded in ClickHouse."
    >
      <TileBoundary title="Flow">
        <Drawing {...source} />
        <RetryFailed className="mt-3" failed={failed} />
      </TileBoundary>
    </Card>
  );
}

function Drawing(source: FlowSource) {
  const nowMs = useNow();
  const flow = tierFlow({ ...source, nowMs });
  return (
    <figure aria-label="Flow between the tiers">
      <div
        aria-hidden
        className="grid items-stretch gap-2 md:grid-cols-[minmax(0,1fr)_minmax(8.5rem,auto)_minmax(0,1fr)_minmax(8.5rem,auto)_minmax(0,1fr)]"
      >
        <Box box={flow.clickhouse} />
        <div className="flex justify-center gap-6 md:flex-col md:gap-3">
          <Arrow arrow={flow.promotion} WideIcon={ArrowRight} NarrowIcon={ArrowDown} />
          <Arrow arrow={flow.outbox} WideIcon={ArrowLeft} NarrowIcon={ArrowUp} />
        </div>
        <Box box={flow.redis} isHighlighted />
        <div className="flex justify-center md:flex-col">
          <Arrow arrow={flow.publishing} WideIcon={ArrowRight} NarrowIcon={ArrowDown} />
        </div>
        <Box box={flow.bus} />
      </div>
      <figcaption className="sr-only">{flowSentence(flow)}</figcaption>
    </figure>
  );
}

function Box({ box: { name, role, figure, unit, facts }, isHighlighted }: { box: FlowBox; isHighlighted?: boolean }) {
  return (
    <div
      className={cn(
        "flex min-w-0 flex-col rounded-lg border p-3",
        isHighlighted ? "border-accent bg-accent-soft" : "border-line-strong bg-sunken",
      )}
    >
      <p className="font-semibold text-sm">{name}</p>
      <p className="text-muted text-xs">{role}</p>
      <p className="mt-2 font-semibold text-xl tabular-nums leading-tight">{figure}</p>
      <p className="text-muted text-xs">{unit}</p>
      {facts.length > 0 ? <p className="mt-1.5 text-muted text-xs tabular-nums">{facts.join(" · ")}</p> : null}
    </div>
  );
}

/** The boxes are in a row on wide screens and in a column on narrow screens, so the arrow's direction differs. */
function Arrow({ arrow, WideIcon, NarrowIcon }: { arrow: FlowArrow; WideIcon: LucideIcon; NarrowIcon: LucideIcon }) {
  const icon = "size-5 shrink-0 text-muted";
  return (
    <div className="flex items-center gap-1.5 md:flex-col md:gap-0 md:text-center">
      <NarrowIcon className={cn(icon, "md:hidden")} />
      <p className="text-xs">
        <span className="block font-medium">{arrow.name}</span>
        {arrow.facts.map((fact) => (
          <span key={fact} className="block text-muted tabular-nums">
            {fact}
          </span>
        ))}
      </p>
      <WideIcon className={cn(icon, "order-first max-md:hidden")} />
    </div>
  );
}
