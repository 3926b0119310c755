import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatDuration, formatNumber, formatPercentile, formatRelative } from "~/components/ui/format";
import { promotionState } from "./promotion";
import { type KnownSettings, spanOf } from "./settings-known";

type Engine = RouterOutputs["monitoring"]["engine"];
type Stats = RouterOutputs["monitoring"]["stats"];
type LastHour = Pick<RouterOutputs["analytics"]["totals"], "totals" | "latenessMs">;

/** A store or the bus: its name, its main figure, and more facts. */
export interface FlowBox {
  name: string;
  role: string;
  figure: string;
  unit: string;
  facts: string[];
}

export interface FlowArrow {
  name: string;
  facts: string[];
}

export interface TierFlow {
  clickhouse: FlowBox;
  redis: FlowBox;
  bus: FlowBox;
  promotion: FlowArrow;
  outbox: FlowArrow;
  publishing: FlowArrow;
}

/** Answers of the server; undefined while an answer is missing. */
export interface FlowSource {
  engine: Engine | undefined;
  stats: Stats | undefined;
  hour: LastHour | undefined;
  settings: KnownSettings;
  health: Pick<RouterOutputs["monitoring"]["health"], "services"> | undefined;
}

const UNKNOWN = "Unknown";
const count = (value: number | undefined) => (value === undefined ? UNKNOWN : formatNumber(value));

/** The flow of schedules and events in words. Figures of a missing answer are shown as unknown, never as zero. */
export function tierFlow(source: FlowSource & { nowMs: number }): TierFlow {
  const { engine, stats, hour, settings, health, nowMs } = source;
  const promotion = stats && promotionState(stats.workers);
  const promotedAt = promotion?.lastTickAt ?? null;
  const interval = spanOf(settings.clickhouseSyncInterval);
  const p95 = hour?.latenessMs.p95 ?? null;
  const perMinute = hour && hour.totals.succeeded / 60;
  return {
    clickhouse: {
      name: "ClickHouse",
      role: "Long-term schedules and history",
      figure: count(stats?.clickhousePending),
      unit: "long-term schedules",
      facts: stats ? [`${formatCounted(stats.completed + stats.failed, "execution")}, 24 h`] : [],
    },
    redis: {
      name: "Redis",
      role: "Schedules that are due soon",
      figure: count(engine?.pending),
      unit: "planned runs",
      facts: engine
        ? [
            `${formatNumber(engine.running)} running`,
            `${formatNumber(engine.overdue)} due`,
            ...(engine.held > 0 ? [`${formatNumber(engine.held)} held`] : []),
          ]
        : [],
    },
    bus: {
      name: "Bus",
      role: busKind(health) ?? "Carries events to consumers",
      figure: count(stats?.completed),
      unit: "events, 24 h",
      facts: stats ? [`${formatNumber(stats.failed)} failed, 24 h`] : [],
    },
    promotion: {
      name: "Promotion",
      facts: !promotion?.workerId
        ? [UNKNOWN]
        : [
            promotedAt === null ? "Not yet" : `ran ${formatRelative(Math.min(nowMs, Date.parse(promotedAt)), nowMs)}`,
            ...(interval ? [`every ${interval}`] : []),
          ],
    },
    outbox: {
      name: "Outbox",
      facts: engine
        ? [
            formatCounted(engine.outboxDepth, "change"),
            engine.outboxDepth === 0 ? "no lag" : `${formatDuration(engine.outboxOldestMs)} behind`,
          ]
        : [UNKNOWN],
    },
    publishing: {
      name: engine?.pauseAll.paused ? "Publishing (all paused)" : "Publishing",
      facts:
        perMinute === undefined
          ? [UNKNOWN]
          : [
              `${formatNumber(perMinute, perMinute < 10 ? 1 : 0)}/min, last hour`,
              ...(p95 === null ? [] : [`p95 lateness ${formatPercentile(p95)}`]),
            ],
    },
  };
}

/** "Kafka" or "Redis Streams", with which the bus's detail in the health check begins; undefined if it is unknown. */
function busKind(health: FlowSource["health"]): string | undefined {
  const detail = health?.services.find(({ name }) => name === "bus")?.detail ?? "";
  return /^(?:Kafka|Redis Streams)(?= )/.exec(detail)?.[0];
}

/** The text alternative of the drawing: a sentence for each box and each arrow. */
export function flowSentence({ clickhouse, redis, bus, promotion, outbox, publishing }: TierFlow): string {
  const facts = (arrow: FlowArrow) => `${arrow.name}: ${arrow.facts.join(", ")}.`;
  const boxes = [clickhouse, redis, bus].map(
    ({ name, figure, unit }) => `${name} has ${figure.toLowerCase()} ${unit}.`,
  );
  return [
    ...boxes,
    `From ClickHouse to Redis, ${facts(promotion)}`,
    `From Redis to ClickHouse, ${facts(outbox)}`,
    `From Redis to the bus, ${facts(publishing)}`,
  ].join(" ");
}
