"use client";

import { callErrorOf, otherFaults } from "~/components/trpc/app-error";
import { Callout } from "~/components/ui/callout";
import { ErrorState } from "~/components/ui/error-state";

const NO_ANSWER = "The server did not answer. Check the connection and try again.";

/** The server's error message, or a message that the server did not answer. */
export function errorText(error: unknown): string {
  return callErrorOf(error)?.message ?? NO_ANSWER;
}

/** Shows a failed query in place of its part of the page. */
export function LoadError({
  error,
  title,
  onRetry,
  retrying,
  isPage,
}: {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  retrying?: boolean;
  /** Shown in place of a whole page. */
  isPage?: boolean;
}) {
  const requestId = callErrorOf(error)?.requestId;
  return (
    <ErrorState
      title={title}
      message={errorText(error)}
      requestId={requestId}
      onRetry={onRetry}
      retrying={retrying}
      isPage={isPage}
    />
  );
}

/**
 * Shows a failed mutation beside its button. A form that shows errors at fields gives the wire names of these `fields`:
 * then only the rest of the error is shown, or nothing.
 */
export function ActionError({ error, fields = [] }: { error: unknown; fields?: readonly string[] }) {
  const known = callErrorOf(error);
  const others = otherFaults(error, fields);
  const isSplit = others.length < (known?.faults.length ?? 0);
  if (isSplit && others.length === 0) return null;
  return (
    <Callout tone="danger">
      {isSplit ? others.map(({ field, message }) => `${field}: ${message}`).join("; ") : errorText(error)}
      {known ? (
        <span className="mt-1 block text-muted text-xs">
          Request <code className="font-mono">{known.requestId}</code>
        </span>
      ) : null}
    </Callout>
  );
}
