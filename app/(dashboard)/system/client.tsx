"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "~/components/access/may";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { OVERDUE } from "~/components/overview/inputs";
import { PauseAllCard } from "~/components/pause-all/pause-all-card";
import { failedQueries } from "~/components/queries/failed-queries";
import { FRESH, useLiveQueries } from "~/components/queries/use-live-queries";
import { Breakers } from "~/components/system/breakers";
import { Cleanup } from "~/components/system/cleanup";
import { DiagnosisButton } from "~/components/system/diagnosis-button";
import { ForceSync } from "~/components/system/force-sync";
import { HealthSection } from "~/components/system/health-section";
import { LeasesTable } from "~/components/system/leases";
import { Quarantine } from "~/components/system/quarantine";
import { QueueNumbers } from "~/components/system/queue-numbers";
import { knownSettings } from "~/components/system/settings-known";
import { TierFlow } from "~/components/system/tier-flow";
import { Tiers } from "~/components/system/tiers";
import { TimeZoneRules } from "~/components/system/time-zones";
import { WorkersTable } from "~/components/system/workers-table";
import { useTRPC } from "~/components/trpc/client";
import { ButtonLink } from "~/components/ui/button";
import { PageHeader } from "~/components/ui/page-header";
import { LAST_HOUR } from "./inputs";

/** Health, queue, workers and tiers, and the actions of an operator. */
export function SystemClient() {
  const trpc = useTRPC();
  const { live, vital } = useLiveQueries();

  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, vital));
  const engine = useQuery(trpc.monitoring.engine.queryOptions(undefined, vital));
  const leases = useQuery(trpc.monitoring.leases.queryOptions(undefined, vital));
  const stats = useQuery(trpc.monitoring.stats.queryOptions(undefined, FRESH.slow));
  const timeZones = useQuery(trpc.monitoring.timeZones.queryOptions({}, FRESH.slow));
  const lastHour = useQuery(trpc.analytics.totals.queryOptions(LAST_HOUR, FRESH.slow));
  const overdue = useQuery(trpc.schedules.count.queryOptions(OVERDUE, FRESH.slow));
  const settingsList = useQuery(trpc.settings.list.queryOptions(undefined, FRESH.still));
  const settings = knownSettings(settingsList.data);
  const may = useMay();

  return (
    <>
      <PageHeader
        title="System"
        actions={
          <>
            <LiveIndicator live={live} updatedAt={engine.dataUpdatedAt} />
            <DiagnosisButton />
            <ButtonLink href="/system/topics">Topics</ButtonLink>
          </>
        }
      />
      <div className="mb-4">
        <HealthSection query={health} />
      </div>
      <div id="pause-all" className="mb-4 scroll-mt-20">
        <PauseAllCard allowed={may("system:operate")} />
      </div>
      <div id="quarantine" className="scroll-mt-20">
        <Quarantine allowed={may("dead_letters:decide")} vital={vital} />
      </div>
      <QueueNumbers engine={engine} overdue={overdue} />
      <div id="breakers" className="scroll-mt-20">
        <Breakers query={engine} allowed={may("system:operate")} />
      </div>
      <div id="workers" className="scroll-mt-20">
        <WorkersTable query={engine} />
      </div>
      <div id="leases" className="scroll-mt-20">
        <LeasesTable query={leases} />
      </div>
      <div id="time-zones" className="scroll-mt-20">
        <TimeZoneRules query={timeZones} />
      </div>
      <TierFlow
        engine={engine.data}
        stats={stats.data}
        hour={lastHour.data}
        health={health.data}
        settings={settings}
        failed={failedQueries([engine, stats, lastHour])}
      />
      <Tiers engine={engine} stats={stats} settings={settings} />
      <div className="grid gap-4 lg:grid-cols-2">
        <ForceSync allowed={may("system:operate")} settings={settings} />
        <Cleanup allowed={may("system:operate")} settings={settings} />
      </div>
    </>
  );
}
