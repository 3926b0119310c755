"use client";

import { CircleCheck, CircleHelp } from "lucide-react";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { MessageText } from "~/components/ui/message-text";
import { SignalIcon } from "~/components/ui/signal-text";
import { Skeleton } from "~/components/ui/skeleton";
import type { Attention, AttentionItem } from "./attention";

/** The problems that need a person, critical problems first, each with its next action. */
export function NeedsAttention({ attention, isLoading }: { attention: Attention; isLoading: boolean }) {
  const { items, unknown } = attention;
  if (isLoading && items.length === 0) return <Skeleton className="mb-4 h-12 w-full" />;
  if (items.length === 0) return <NoItems unknown={unknown} />;
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

function NoItems({ unknown }: Pick<Attention, "unknown">) {
  const isKnown = unknown.length === 0;
  const Icon = isKnown ? CircleCheck : CircleHelp;
  return (
    <p className="mb-4 flex items-center gap-2 rounded-lg border bg-surface px-4 py-3 text-sm shadow-card">
      <Icon aria-hidden className={isKnown ? "size-4 shrink-0 text-success-ink" : "size-4 shrink-0 text-muted"} />
      {isKnown ? "Nothing needs your attention." : couldNotCheck(unknown)}
    </p>
  );
}

const couldNotCheck = (unknown: readonly string[]) => `Could not be checked: ${unknown.join(", ")}.`;
