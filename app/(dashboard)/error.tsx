"use client";

import { ErrorState } from "~/components/ui/error-state";

/** A page that could not be drawn; the frame around it still works. The digest finds the error in the server's log. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState
      title="This page could not be rendered"
      message="This is an error in the dashboard. Other pages still work, and schedules keep firing."
      requestId={error.digest ?? null}
      onRetry={reset}
    />
  );
}
