"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { QueryBody } from "~/components/queries/query-tile";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { CopyButton } from "~/components/ui/copy-button";
import { Dialog } from "~/components/ui/dialog";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Instant } from "~/components/ui/time";
import {
  byUrgency,
  type DiagnosisCheck,
  diagnosisText,
  healthChecks,
  PART_LABELS,
  problemsInWords,
  STATE_LABELS,
} from "./diagnosis-words";

/** Checks the parts of the installation, and shows each check with its result and advice. */
export function DiagnosisDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.monitoring.diagnosis.queryOptions(undefined, { staleTime: 0, retry: false }));
  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, { staleTime: 0, retry: false }));
  const checksOf = (checks: readonly DiagnosisCheck[]) => [...healthChecks(health.data?.reasons ?? []), ...checks];
  const { data } = query;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Diagnosis"
      description="Health, versions, configuration, capacity and clocks of the stores, the bus and all processes."
      size="xl"
      footer={
        <>
          {data ? (
            <CopyButton
              value={() => diagnosisText({ ...data, checks: checksOf(data.checks) })}
              label="Copy report"
              text="Copy report"
            />
          ) : null}
          <Button
            size="sm"
            icon={<RefreshCw aria-hidden />}
            loading={query.isFetching}
            onClick={() => void Promise.all([query.refetch(), health.refetch()])}
          >
            Check again
          </Button>
        </>
      }
    >
      <QueryBody query={query} errorTitle="The diagnosis could not be made" skeletonLines={8}>
        {({ checks, ...about }) => (
          <Checks {...about} checks={checksOf(checks)} isHealthKnown={health.data !== undefined} />
        )}
      </QueryBody>
    </Dialog>
  );
}

function Checks({
  checks,
  checkedAt,
  version,
  isHealthKnown,
}: {
  checks: readonly DiagnosisCheck[];
  checkedAt: string;
  version: string;
  isHealthKnown: boolean;
}) {
  const problems = problemsInWords(checks);
  return (
    <>
      <Callout
        tone={
          problems === null && isHealthKnown
            ? "success"
            : checks.some(({ state }) => state === "critical")
              ? "danger"
              : "warning"
        }
        title={problems ?? (isHealthKnown ? "No problems found" : "No problems found; health is not known")}
        className="mb-3"
      >
        <p>
          Version {version}, checked at <Instant value={checkedAt} format="time" />.
        </p>
      </Callout>
      <Table caption="Checks, problems first">
        <TableColumns
          className="bg-raised"
          columns={[
            { label: "Check", className: "sm:w-72" },
            { label: "Result", className: "sm:w-32" },
            { label: "Value", className: "hidden sm:table-cell" },
          ]}
        />
        <TableBody>
          {byUrgency(checks).map((check) => (
            <TableRow key={`${check.part} ${check.name} ${check.value}`}>
              <TableRowHeader className="wrap-anywhere">
                <span className="font-normal text-muted">{PART_LABELS[check.part]}</span> {check.name}
                {/* On a phone, the value is below the name instead of in its own column. */}
                <span className="block font-normal sm:hidden">
                  <CheckValue check={check} />
                </span>
              </TableRowHeader>
              <TableCell>
                <SignalText state={check.state}>{STATE_LABELS[check.state]}</SignalText>
              </TableCell>
              <TableCell className="wrap-anywhere hidden sm:table-cell">
                <CheckValue check={check} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </>
  );
}

function CheckValue({ check: { state, value, expected, advice } }: { check: DiagnosisCheck }) {
  return (
    <>
      {value}
      {/* Of a check without a fault, the expectation says nothing new. */}
      {state === "ok" || expected === null ? null : <span className="text-muted">, expected {expected}</span>}
      {advice === null ? null : <span className="block text-muted text-xs">{advice}</span>}
    </>
  );
}
