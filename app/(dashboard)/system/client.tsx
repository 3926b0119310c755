"use client";

import { useQuery } from "@tanstack/react-query";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { FRESH, useLiveQueries } from "~/components/queries/use-live-queries";
import { Breakers } from "~/components/system/breakers";
import { Cleanup } from "~/components/system/cleanup";
import { ForceSync } from "~/components/system/force-sync";
import { HealthSection } from "~/components/system/health-section";
import { Quarantine } from "~/components/system/quarantine";
import { QueueNumbers } from "~/components/system/queue-numbers";
import { knownSettings } from "~/components/system/settings-known";
import { Tiers } from "~/components/system/tiers";
import { TimeZoneRules } from "~/components/system/time-zones";
import { WorkersTable } from "~/components/system/workers-table";
import { useTRPC } from "~/components/trpc/client";
import { PageHeader } from "~/components/ui/page-header";
import { STUCK_SCHEDULES } from "./inputs";

/** Health, queue, workers and tiers, and the actions of an operator. */
export function SystemClient() {
  const trpc = useTRPC();
  const { live, vital } = useLiveQueries();

  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, vital));
  const engine = useQuery(trpc.monitoring.engine.queryOptions(undefined, vital));
  const stats = useQuery(trpc.monitoring.stats.queryOptions(undefined, FRESH.slow));
  const timeZones = useQuery(trpc.monitoring.timeZones.queryOptions({}, FRESH.slow));
  const overdue = useQuery(trpc.schedules.list.queryOptions(STUCK_SCHEDULES, FRESH.slow));
  const settingsList = useQuery(trpc.settings.list.queryOptions(undefined, FRESH.still));
  const me = useQuery(trpc.access.me.queryOptions(undefined, FRESH.still));
  const settings = knownSettings(settingsList.data);
  const may = (right: "write" | "admin") => me.data?.rights.includes(right) ?? true;

  return (
    <>
      <PageHeader title="System" actions={<LiveIndicator live={live} updatedAt={engine.dataUpdatedAt} />} />
      <div className="mb-4">
        <HealthSection query={health} />
      </div>
      <Quarantine allowed={may("write")} />
      <QueueNumbers engine={engine} overdue={overdue} />
      <Breakers query={engine} allowed={may("write")} />
      <WorkersTable query={engine} />
      <TimeZoneRules query={timeZones} />
      <Tiers engine={engine} stats={stats} settings={settings} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <ForceSync allowed={may("write")} settings={settings} />
        <Cleanup allowed={may("admin")} settings={settings} />
      </div>
    </>
  );
}
