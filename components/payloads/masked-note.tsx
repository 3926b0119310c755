"use client";

import { useMutation } from "@tanstack/react-query";
import { Eye, EyeOff, Lock } from "lucide-react";
import { NeededRight, useMay } from "~/components/access/may";
import { ActionError } from "~/components/queries/load-error";
import { Button } from "~/components/ui/button";
import { formatCounted } from "~/components/ui/format";
import { Tooltip } from "~/components/ui/tooltip";

/** Values that are shown on request, until the user hides them or the component is unmounted. */
export interface Revealed<T> {
  /** Null while the values are masked. */
  data: T | null;
  isPending: boolean;
  error: unknown;
  reveal: () => void;
  hide: () => void;
}

/** A mutation instead of a query, because each call is audited and must not be repeated in the background. */
export function useReveal<T>(load: () => Promise<T>): Revealed<T> {
  const { data, isPending, error, mutate, reset } = useMutation({ mutationFn: load, gcTime: 0 });
  return { data: data ?? null, isPending, error, reveal: () => mutate(), hide: reset };
}

/** Says which values are masked, and reveals them to callers with the right. Renders nothing if none is masked. */
export function MaskedNote<T>({ masked, revealed }: { masked: readonly string[]; revealed: Revealed<T> }) {
  const mayReveal = useMay()("payloads:read");
  if (masked.length === 0) return null;
  const isRevealed = revealed.data !== null;
  return (
    <div className="mb-3 flex flex-col gap-2">
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1.5 text-muted text-sm">
        <Tooltip content={masked.join(", ")}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
          <span tabIndex={0} className="flex items-center gap-1.5 rounded">
            <Lock aria-hidden className="size-4 shrink-0" />
            <span role="status">
              {textOf({ masked, isRevealed })}
              {mayReveal ? null : (
                <>
                  {" "}
                  <NeededRight right="payloads:read" />
                </>
              )}
            </span>
          </span>
        </Tooltip>
        {mayReveal ? (
          <Button
            size="sm"
            icon={isRevealed ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            loading={revealed.isPending}
            onClick={isRevealed ? revealed.hide : revealed.reveal}
          >
            {isRevealed ? "Hide" : "Reveal"}
          </Button>
        ) : null}
      </div>
      {revealed.error ? <ActionError error={revealed.error} /> : null}
    </div>
  );
}

function textOf({ masked, isRevealed }: { masked: readonly string[]; isRevealed: boolean }): string {
  if (isRevealed) return "Revealed to you. The audit trail has recorded this.";
  const [only] = masked;
  return masked.length === 1 && only !== undefined
    ? `${only} is masked.`
    : `${formatCounted(masked.length, "value")} masked.`;
}
