import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { CopyButton } from "~/components/ui/copy-button";
import { errorClassLabel } from "~/components/ui/reasons";
import type { ExecutionView } from "~/server/domain/views";
import { AttemptsCard } from "./attempts-card";
import { ContentCards } from "./content-cards";
import { CurlCard } from "./curl-card";
import { DetailsCard } from "./details-card";
import { LineageCard } from "./lineage-card";
import { timelineOf } from "./timeline";
import { TimelineList } from "./timeline-list";
import { hasEnded } from "./use-execution";

/** All details of an execution: in two columns on its page, in one column in the side sheet. */
export function ExecutionBody({ execution, columns }: { execution: ExecutionView; columns: 1 | 2 }) {
  return (
    <>
      {execution.error ? (
        <Callout
          tone={execution.status === "succeeded" ? "warning" : "danger"}
          live={false}
          className="mb-4"
          title={
            <span className="inline-block first-letter:uppercase">
              {errorClassLabel(execution.errorClass ?? "error")}
            </span>
          }
          action={<CopyButton value={execution.error} label="Copy error" />}
        >
          <p className="whitespace-pre-wrap break-words font-mono text-xs">{execution.error}</p>
        </Callout>
      ) : null}
      <div className={cn("grid items-start gap-4", columns === 2 && "lg:grid-cols-[3fr_2fr]")}>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="Timeline">
            <TimelineList steps={timelineOf(execution)} />
          </Card>
          <AttemptsCard execution={execution} />
          <LineageCard execution={execution} />
          <ContentCards execution={execution} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <DetailsCard execution={execution} />
          <CurlCard execution={execution} ended={hasEnded(execution.status)} />
        </div>
      </div>
    </>
  );
}
