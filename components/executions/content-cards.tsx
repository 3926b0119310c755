"use client";

import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { HeadersCard } from "~/components/schedules/headers-card";
import { useTRPCClient } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { JsonView } from "~/components/ui/json-view";
import type { ExecutionView } from "~/server/domain/views";

/** Payload and headers, and where they are from if they were not recorded with the execution. */
export function ContentCards({ execution }: { execution: ExecutionView }) {
  const { contentFrom, executionId } = execution;
  const client = useTRPCClient();
  const revealed = useReveal(() => client.executions.get.query({ executionId, reveal: true }));
  const shown = revealed.data ?? execution;
  if (contentFrom === "unknown") {
    return (
      <Card title="Payload">
        <Callout tone="info" live={false} title="The payload is not known">
          The payload was not recorded with this execution, and the schedule has changed since or no longer exists. A
          replay publishes the schedule's current payload and headers, if the schedule still exists.
        </Callout>
      </Card>
    );
  }
  return (
    <>
      <Card title="Payload">
        {contentFrom === "definition" ? (
          <p className="mb-2 text-muted text-sm">From the schedule, which has not changed since this execution.</p>
        ) : null}
        <MaskedNote masked={execution.masked} revealed={revealed} />
        <JsonView value={shown.payload} />
      </Card>
      <HeadersCard message={shown} />
    </>
  );
}
