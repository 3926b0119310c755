"use client";

import { ErrorState } from "~/components/ui/error-state";

/** Replaces a page that could not be rendered. The server's log has the error under the same digest. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState
      isPage
      title="This page could not be rendered"
      message="This is an error in the dashboard. Other pages still work, and schedules keep firing."
      requestId={error.digest ?? null}
      onRetry={reset}
    />
  );
}
