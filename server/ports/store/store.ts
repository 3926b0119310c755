import type { AuditStore } from "./audit";
import type { AuditChainStore } from "./audit-chain";
import type { AuditStreamStore } from "./audit-streams";
import type { BatchStore } from "./batches";
import type { DocumentStore } from "./documents";
import type { ExecutionStore } from "./executions";
import type { LoadStore } from "./load";
import type { MetricsStore } from "./metrics";
import type { QuarantineStore } from "./quarantine";
import type { RetentionStore } from "./retention";
import type { ScheduleStore } from "./schedules";
import type { SelfTestStore } from "./self-test";
import type { ZoneStore } from "./zones";

/**
 * The durable store. Every call has a timeout. Throws `clickhouse_unavailable` if the server is unreachable,
 * `query_timeout` if a read took too long, `cursor_invalid` for a malformed cursor.
 */
export interface Store
  extends BatchStore,
    ScheduleStore,
    ExecutionStore,
    MetricsStore,
    LoadStore,
    DocumentStore,
    AuditStore,
    AuditChainStore,
    AuditStreamStore,
    QuarantineStore,
    ZoneStore,
    SelfTestStore,
    RetentionStore {
  /** A store for one request, whose reads end with `query_timeout` when the signal aborts. */
  within(signal: () => AbortSignal): Store;
  /** The store without a request's deadline, for work that several requests share. */
  readonly shared: Store;
  ping(): Promise<{ ok: boolean; detail: string; latencyMs: number }>;
  /** Facts about the server, for a diagnosis. */
  serverInfo(): Promise<StoreServerInfo>;
  close(): Promise<void>;
}

export interface StoreServerInfo {
  version: string;
  timezone: string;
  /** The clock of the server, epoch ms. */
  nowMs: number;
  /** The settings of the connection that may limit what the product can do. */
  settings: { name: string; value: string; isChanged: boolean }[];
  /** Without disks in memory or in an object store; empty if the server does not list its disks. */
  disks: { name: string; freeBytes: number; totalBytes: number }[];
  /** The largest number of active parts in a partition of the product's tables. */
  mostParts: number;
}
