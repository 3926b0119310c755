"use client";

import { callErrorOf } from "~/components/trpc/app-error";
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

/** Shows a failed mutation beside its button. */
export function ActionError({ error }: { error: unknown }) {
  const known = callErrorOf(error);
  return (
    <Callout tone="danger">
      {errorText(error)}
      {known ? (
        <span className="mt-1 block text-muted text-xs">
          Request <code className="font-mono">{known.requestId}</code>
        </span>
      ) : null}
    </Callout>
  );
}
