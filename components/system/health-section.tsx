"use client";

import { currentHealth, SERVICE_LABELS } from "~/components/overview/health-signals";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { useOutage } from "~/components/reach/reach-provider";
import type { RouterOutputs } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { formatDuration, toSentenceCase } from "~/components/ui/format";
import { MessageText } from "~/components/ui/message-text";
import { NoValue } from "~/components/ui/no-value";
import { SignalText } from "~/components/ui/signal-text";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";
import { Capabilities } from "./capabilities";
import { reasonWords } from "./health-words";

type Health = RouterOutputs["monitoring"]["health"];

/** Problems with their consequences, capabilities, and services with their response times. */
export function HealthSection({ query: healthQuery }: { query: TileQuery<Health> }) {
  const unreachable = useOutage()?.parts ?? [];
  // During an outage of a store, an older health check is dropped. If the server does not answer, the last
  // health check stays, marked as old.
  const hasStoreOutage = unreachable.some((part) => part === "redis" || part === "clickhouse");
  const data = hasStoreOutage ? currentHealth(healthQuery.data, unreachable) : healthQuery.data;
  const query = { ...healthQuery, data };
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
            ) : query.error ? null : health.status === "degraded" ? (
              <Callout tone="danger" title="Degraded">
                Your access is limited to some topics, so the reasons are not shown.
              </Callout>
            ) : (
              <Callout tone="success" title="All systems operational">
                Workers fire on time, and all services respond.
              </Callout>
            )}
          </div>
          <Capabilities {...health} isAllPaused={health.reasons.some(isPause)} />
          <Services services={health.services} reasons={health.reasons} />
        </>
      )}
    </QueryTile>
  );
}

function Reason({ reason }: { reason: Health["reasons"][number] }) {
  const { title, meaning, detail, link } = reasonWords(reason);
  return (
    <Callout tone={reason.severity === "critical" ? "danger" : "warning"} title={title} live>
      <p>{meaning}</p>
      <p className="mt-1 break-words text-muted text-xs">
        <MessageText text={detail} />
      </p>
      {link.href.includes("#") ? (
        <TextLink href={link.href} className="mt-1 inline-block">
          {link.label}
        </TextLink>
      ) : null}
    </Callout>
  );
}

/** A pause of all firing is a decision, not a fault of the workers. */
const isPause = ({ code }: Health["reasons"][number]) => code === "all_paused";

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
          const hasWarning = reasons.some(
            (reason) => reason.service === service.name && reason.severity === "warning" && !isPause(reason),
          );
          const isOff = service.ok && service.name === "self-test" && /^off\b/.test(service.detail);
          const detail = toSentenceCase(service.detail);
          const state = !service.ok ? "critical" : hasWarning ? "warning" : isOff ? "unknown" : "ok";
          return (
            <TableRow key={service.name}>
              <TableRowHeader>
                <span className="whitespace-nowrap">{SERVICE_LABELS[service.name] ?? service.name}</span>
                {/* On a phone, the detail is below the name instead of in its own column. */}
                <span className="wrap-anywhere block font-normal text-muted text-xs sm:hidden">{detail}</span>
              </TableRowHeader>
              <TableCell>
                <SignalText state={state}>
                  {!service.ok ? "Down" : hasWarning ? "Degraded" : isOff ? "Off" : "Up"}
                </SignalText>
              </TableCell>
              <TableCell className="hidden min-w-40 break-words text-muted sm:table-cell">{detail}</TableCell>
              <TableCell className="whitespace-nowrap text-right">
                {service.latencyMs === null ? <NoValue /> : formatDuration(service.latencyMs)}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
