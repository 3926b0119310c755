"use client";

import { ErrorState } from "~/components/ui/error-state";

/**
 * Replaces a page that could not be rendered. The page shows the digest under which the server has logged the error. An
 * error in the browser has none.
 */
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
