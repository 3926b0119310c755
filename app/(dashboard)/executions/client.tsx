"use client";

import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { LinkTabs } from "~/components/ui/link-tabs";
import { PageHeader } from "~/components/ui/page-header";
import type { SetParams } from "./filters";
import { History } from "./history";
import { executionParsers } from "./search-params";

// Loaded on first use, to keep them out of the bundle of the history view.
const Failures = dynamic(() => import("./failures").then((module) => module.Failures));
const InFlight = dynamic(() => import("./in-flight").then((module) => module.InFlight));

/**
 * The executions of all schedules in three views: ended executions, executions in flight, and dead executions grouped
 * by error. The view, its filters and the open execution are in the URL.
 */
export function ExecutionsClient() {
  const [params, setParams] = useQueryStates(executionParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const navigate: SetParams = (values) => void setParams(values, { history: "push", scroll: true });
  // Without `scroll`, so that the list keeps its position behind the sheet.
  const openExecution = ({ executionId }: { executionId: string }) =>
    void setParams({ open: executionId }, { history: "push" });
  return (
    <>
      <PageHeader title="Executions" />
      <div className="mb-3">
        <LinkTabs
          label="Executions"
          tabs={[
            { href: "/executions", label: "History", current: params.view === "history" },
            { href: "/executions?view=in-flight", label: "In flight", current: params.view === "in-flight" },
            { href: "/executions?view=failures", label: "Errors", current: params.view === "failures" },
          ]}
        />
      </div>
      {params.view === "in-flight" ? (
        <InFlight params={params} set={set} navigate={navigate} onOpen={openExecution} />
      ) : params.view === "failures" ? (
        <Failures params={params} set={set} navigate={navigate} />
      ) : (
        <History params={params} set={set} navigate={navigate} onOpen={openExecution} />
      )}
    </>
  );
}
