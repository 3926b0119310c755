"use client";

import { Lock } from "lucide-react";
import { createContext, type ReactNode, useContext } from "react";
import { ButtonLink } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { EmptyState } from "~/components/ui/empty-state";
import { isReading, type Right } from "~/server/domain/rights";

const RightsContext = createContext<readonly Right[]>([]);

/** Provides the caller's rights. Pages use them to hide or disable actions; the server checks each call. */
export function RightsProvider({ rights, children }: { rights: readonly Right[]; children: ReactNode }) {
  return <RightsContext value={rights}>{children}</RightsContext>;
}

const ScopeContext = createContext<string | null>(null);

/** Provides the caller's scope in words; null for a caller who may see all topics. */
export function ScopeProvider({ scope, children }: { scope: string | null; children: ReactNode }) {
  return <ScopeContext value={scope}>{children}</ScopeContext>;
}

/** The caller's scope in words; null for a caller who may see all topics. */
export function useScope(): string | null {
  return useContext(ScopeContext);
}

/** Tells a caller with a scope why a page is not shown. */
export function NeedsNoScope({ title }: { title: string }) {
  return (
    <EmptyState
      isPage
      icon={<Lock />}
      title={title}
      action={<ButtonLink href="/schedules">Go to schedules</ButtonLink>}
    >
      Your access is limited to some topics, and these figures are about the whole installation.
    </EmptyState>
  );
}

/** Whether the caller has a right. */
export function useMay(): (right: Right) => boolean {
  const rights = useContext(RightsContext);
  return (right) => rights.includes(right);
}

export function useMayChange(): boolean {
  return !useContext(RightsContext).every(isReading);
}

export function IfMay({ right, children }: { right: Right; children: ReactNode }) {
  return useMay()(right) ? children : null;
}

/** The sentence that names a missing right. */
export function NeededRight({ right }: { right: Right }) {
  return (
    <>
      This needs the right <code className="font-mono">{right}</code>.
    </>
  );
}

/** A note beside a disabled action: which right the caller lacks. Renders nothing for callers with the right. */
export function LacksRight({ right, className }: { right: Right; className?: string }) {
  if (useMay()(right)) return null;
  return (
    <p className={cn("text-muted text-xs", className)}>
      <NeededRight right={right} />
    </p>
  );
}

/** Shows a page to callers with the right, or else names the missing right. `to` completes "You may not …". */
export function NeedsRight({ right, to, children }: { right: Right; to: string; children: ReactNode }) {
  if (useMay()(right)) return children;
  return (
    <EmptyState
      isPage
      icon={<Lock />}
      title={`You may not ${to}`}
      action={<ButtonLink href="/schedules">Go to schedules</ButtonLink>}
    >
      <NeededRight right={right} /> An admin can change your role under Settings.
    </EmptyState>
  );
}
