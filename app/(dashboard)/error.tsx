"use client";

import { ErrorState } from "~/components/ui/error-state";

/** A page that could not be drawn; the frame around it still works. The digest finds the error in the server's log. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState
      title="This page could not be shown"
      message="The fault is ours. The rest of the product goes on; schedules fire as planned."
      requestId={error.digest ?? null}
      onRetry={reset}
    />
  );
}
