"use client";

import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import type { RouterOutputs } from "~/components/trpc/client";
import { DescriptionList } from "~/components/ui/description-list";
import { formatBytes, formatNumber } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { TextLink } from "~/components/ui/text-link";
import { Relative } from "~/components/ui/time";
import { promotionState } from "./promotion";
import { type KnownSettings, spanOf } from "./settings-known";

type Engine = RouterOutputs["monitoring"]["engine"];
type Stats = RouterOutputs["monitoring"]["stats"];

/** The tiers Redis and ClickHouse, and the promotion between them. */
export function Tiers({
  engine,
  stats,
  settings,
}: {
  engine: TileQuery<Engine>;
  stats: TileQuery<Stats>;
  settings: KnownSettings;
}) {
  return (
    <div className="mb-4 grid gap-4 lg:grid-cols-2">
      <RedisTier query={engine} settings={settings} />
      <ClickHouseTier query={stats} settings={settings} />
    </div>
  );
}

function RedisTier({ query, settings }: { query: TileQuery<Engine>; settings: KnownSettings }) {
  const horizon = spanOf(settings.immediateHorizonSeconds);
  return (
    <QueryTile
      title="Redis tier"
      description={
        horizon
          ? `New schedules that are due within ${horizon} are stored here directly; others arrive later, from ClickHouse`
          : "Holds schedules that are due soon"
      }
      query={query}
      skeletonLines={2}
    >
      {({ memory }) => (
        <DescriptionList
          columns={2}
          items={[
            {
              term: "Memory",
              value: `${formatBytes(memory.usedBytes)}${memory.maxBytes ? ` of ${formatBytes(memory.maxBytes)}` : ", no limit set"}`,
            },
            { term: "Eviction policy", value: <Eviction policy={memory.policy} /> },
          ]}
        />
      )}
    </QueryTile>
  );
}

function Eviction({ policy }: { policy: string }) {
  const keepsData = policy === "noeviction";
  return (
    <>
      <SignalText state={keepsData ? "ok" : "warning"}>{policy}</SignalText>
      <span className="block text-muted text-xs">
        When memory is full, Redis {keepsData ? "refuses writes and keeps its data" : "may delete data"}
      </span>
    </>
  );
}

function ClickHouseTier({ query, settings }: { query: TileQuery<Stats>; settings: KnownSettings }) {
  const horizon = spanOf(settings.transferHorizonSeconds);
  const every = spanOf(settings.clickhouseSyncInterval);
  return (
    <QueryTile
      title="ClickHouse tier"
      description={
        horizon
          ? `Holds schedules that are due later; they move to Redis ${horizon} before they are due`
          : "Holds long-term schedules"
      }
      query={query}
      skeletonLines={5}
    >
      {({ clickhousePending, workers, completed, failed }) => {
        const promotion = promotionState(workers);
        return (
          <DescriptionList
            columns={2}
            items={[
              {
                term: "Long-term schedules",
                value: <TextLink href="/schedules?tier=clickhouse">{formatNumber(clickhousePending)}</TextLink>,
              },
              {
                term: "Executions, last 24 h",
                value: `${formatNumber(completed + failed)} succeeded or failed`,
              },
              {
                term: "Last promotion",
                value: promotion.lastTickAt ? (
                  <>
                    <Relative value={promotion.lastTickAt} />
                    {every ? <span className="text-muted">, every {every}</span> : null}
                  </>
                ) : promotion.workerId ? (
                  "Not yet"
                ) : (
                  "Unknown"
                ),
              },
              {
                term: "Last promotion error",
                value: promotion.lastError ? (
                  <span className="text-danger-ink">{promotion.lastError}</span>
                ) : (
                  <SignalText state={promotion.workerId ? "ok" : "unknown"}>
                    {promotion.workerId ? "None" : "No worker"}
                  </SignalText>
                ),
              },
            ]}
          />
        );
      }}
    </QueryTile>
  );
}
