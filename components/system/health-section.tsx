"use client";

import { believableHealth, SERVICE_LABELS } from "~/components/overview/health-signals";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { useOutage } from "~/components/reach/reach-provider";
import type { RouterOutputs } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { formatDuration } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Instant } from "~/components/ui/time";
import { Capabilities } from "./capabilities";
import { inPlainWords } from "./plain-words";

type Health = RouterOutputs["monitoring"]["health"];

/** Problems with their consequences, capabilities, and services with their response times. */
export function HealthSection({ query: asked }: { query: TileQuery<Health> }) {
  const away = useOutage()?.parts ?? [];
  // Without the server the last answer stays, marked as old.
  const isOld = away.some((part) => part === "redis" || part === "clickhouse");
  const query = { ...asked, data: isOld ? believableHealth(asked.data, away) : asked.data };
  return (
    <QueryTile
      title="Health"
      query={query}
      padded={false}
      skeletonLines={6}
      actions={
        query.data ? (
          <span className="text-muted text-xs">
            Checked at <Instant value={query.data.checkedAt} format="time" />
          </span>
        ) : null
      }
    >
      {(health) => (
        <>
          <div className="flex flex-col gap-2 p-4 empty:hidden">
            {health.reasons.length > 0 ? (
              health.reasons.map((reason) => <Reason key={`${reason.service} ${reason.message}`} reason={reason} />)
            ) : query.error ? null : (
              <Callout tone="success" title="All systems operational">
                Workers fire on time, and all services respond.
              </Callout>
            )}
          </div>
          <Capabilities capabilities={health.capabilities} />
          <Services services={health.services} reasons={health.reasons} />
        </>
      )}
    </QueryTile>
  );
}

function Reason({ reason }: { reason: Health["reasons"][number] }) {
  const { title, meaning } = inPlainWords(reason);
  return (
    <Callout tone={reason.severity === "critical" ? "danger" : "warning"} title={title} live>
      <p>{meaning}</p>
      <p className="mt-1 break-words text-muted text-xs">{reason.message}</p>
    </Callout>
  );
}

function Services({ services, reasons }: Pick<Health, "services" | "reasons">) {
  return (
    <Table caption="Services" className="border-t">
      <TableColumns
        columns={[
          "Service",
          "State",
          { label: "Detail", className: "hidden sm:table-cell" },
          { label: "Response", className: "text-right" },
        ]}
      />
      <TableBody>
        {services.map((service) => {
          const warned = reasons.some((reason) => reason.service === service.name && reason.severity === "warning");
          const state = !service.ok ? "critical" : warned ? "warning" : "ok";
          return (
            <TableRow key={service.name}>
              <TableRowHeader>
                <span className="whitespace-nowrap">{SERVICE_LABELS[service.name] ?? service.name}</span>
                {/* A phone has no room for the column. */}
                <span className="wrap-anywhere block font-normal text-muted text-xs sm:hidden">{service.detail}</span>
              </TableRowHeader>
              <TableCell>
                <SignalText state={state}>{!service.ok ? "Down" : warned ? "Degraded" : "Up"}</SignalText>
              </TableCell>
              <TableCell className="hidden min-w-40 break-words text-muted sm:table-cell">{service.detail}</TableCell>
              <TableCell className="whitespace-nowrap text-right">
                {service.latencyMs === null ? "–" : formatDuration(service.latencyMs)}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
