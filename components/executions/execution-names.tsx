"use client";

import { useQuery } from "@tanstack/react-query";
import { displayName } from "~/components/schedules/display-name";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { shortId } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";

type ExecutionName = RouterOutputs["executions"]["names"][number];

/** The names of executions by id, from one query. Empty until the query has succeeded. */
export function useExecutionNames(executionIds: readonly string[]): ReadonlyMap<string, ExecutionName> {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.executions.names.queryOptions(
      { executionIds: [...executionIds] },
      { enabled: executionIds.length > 0, retry: false, staleTime: 60_000 },
    ),
  );
  return new Map(query.data?.map((row) => [row.executionId, row]));
}

/** A link to an execution, with its schedule and time if they are known. */
export function NamedExecutionLink({ executionId, name }: { executionId: string; name: ExecutionName | undefined }) {
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-2" title={executionId}>
      <TextLink href={`/executions/${executionId}`} className="min-w-0 break-words font-medium">
        {name === undefined ? `Execution ${shortId(executionId)}` : displayName(name)}
      </TextLink>
      {name === undefined ? null : <Instant value={name.scheduledFor} className="text-muted text-xs" />}
    </span>
  );
}
