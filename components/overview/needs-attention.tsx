"use client";

import { CircleCheck, CircleHelp } from "lucide-react";
import type { RetriedQuery } from "~/components/queries/failed-queries";
import { RetryFailed } from "~/components/queries/retry-failed";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { MessageText } from "~/components/ui/message-text";
import { SignalIcon } from "~/components/ui/signal-text";
import { Skeleton } from "~/components/ui/skeleton";
import type { Attention, AttentionItem } from "./attention";

/** The problems that need a person, critical problems first, each with its next action. */
export function NeedsAttention(props: Props) {
  return (
    <TileBoundary title="Needs attention">
      <Problems {...props} />
    </TileBoundary>
  );
}

interface Props {
  attention: Attention;
  isLoading: boolean;
  /** The checks that failed; null if none failed. */
  failed: RetriedQuery | null;
}

function Problems({ attention, isLoading, failed }: Props) {
  const { items, unknown } = attention;
  if (isLoading && items.length === 0) return <Skeleton className="mb-4 h-12 w-full" />;
  if (items.length === 0) return <NoItems unknown={unknown} failed={failed} />;
  return (
    <Card title={`Needs attention (${items.length})`} padded={false} className="mb-4">
      <ul aria-label="Needs attention" className="divide-y">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {unknown.length > 0 ? (
        <p aria-busy={isLoading} className="border-t px-4 py-2 text-muted text-xs">
          {isLoading ? `Still checking: ${unknown.join(", ")}.` : couldNotCheck(unknown)}
        </p>
      ) : null}
      <RetryFailed className="border-t px-4 py-2" failed={failed} />
    </Card>
  );
}

function Item({ item: { state, title, detail, action } }: { item: AttentionItem }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <SignalIcon state={state} />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium text-sm">
          <span className="sr-only">{state === "critical" ? "Critical: " : "Warning: "}</span>
          {title}
        </p>
        <p className="wrap-anywhere text-muted text-xs sm:line-clamp-2" title={detail}>
          <MessageText text={detail} />
        </p>
      </div>
      <ButtonLink size="sm" href={action.href} className="max-sm:ml-7">
        {action.label}
      </ButtonLink>
    </li>
  );
}

function NoItems({ unknown, failed }: Pick<Attention, "unknown"> & Pick<Props, "failed">) {
  const isKnown = unknown.length === 0;
  const Icon = isKnown ? CircleCheck : CircleHelp;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-surface px-4 py-3 text-sm shadow-card">
      <p className="flex items-center gap-2">
        <Icon aria-hidden className={isKnown ? "size-4 shrink-0 text-success-ink" : "size-4 shrink-0 text-muted"} />
        {isKnown ? "Nothing needs your attention." : couldNotCheck(unknown)}
      </p>
      <RetryFailed failed={failed} />
    </div>
  );
}

const couldNotCheck = (unknown: readonly string[]) => `Could not be checked: ${unknown.join(", ")}.`;
