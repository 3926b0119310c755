"use client";

import { SETTING_LABELS } from "~/components/settings/setting-groups";
import { formatCounted, shortId } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { bulkJobNameOf } from "~/server/domain/audit/bulk-job-name";
import type { AuditRow } from "./audit-row";

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** The page of the changed object; null if there is none. */
export function targetHref({ verb, target, job }: Pick<AuditRow, "verb" | "target" | "job">): string | null {
  const kind = verb.split(".", 1)[0];
  if (target === job || kind === "bulk" || kind === "dead_letters") return `/bulk/${target}`;
  if (kind === "schedule" && UUID.test(target)) return `/schedules/${target}`;
  if (kind === "execution") return `/executions/${target}`;
  if (kind === "settings" || kind === "retention") return "/settings";
  if (kind === "user" || kind === "session") return "/settings/users";
  if (kind === "role" || kind === "namespace") return "/settings/roles";
  if (kind === "api_key" || kind === "service_account") return "/settings/api-keys";
  if (kind === "refused_message") return "/dead-letters";
  if (kind === "topic_schema" || kind === "topic_protection") return "/settings/topics";
  return kind === "breaker" || kind === "quarantine" || kind === "system" ? "/system" : null;
}

type NamedEntry = Pick<AuditRow, "verb" | "target" | "targetName" | "job" | "before" | "after" | "targetCount">;

/** The name of the changed object; null if only its id is known. */
export function targetName(entry: NamedEntry): string | null {
  const { target, job, verb } = entry;
  const isJob = target === job || verb.startsWith("bulk.") || verb.startsWith("dead_letters.");
  const chain = /^chain:(\d+)$/.exec(target)?.[1];
  return (
    entry.targetName ??
    bulkJobNameOf(entry) ??
    (isJob ? `Bulk job ${shortId(target)}` : chain ? `Hash chain ${chain}` : null) ??
    (target.startsWith("batch:") && entry.targetCount > 0
      ? `Batch of ${formatCounted(entry.targetCount, "schedule")}`
      : null) ??
    (verb === "settings.change" ? settingNames(entry) : null)
  );
}

/** The labels of the changed settings, or their names if a label is unknown; null if the entry has none. */
function settingNames({ before, after }: Pick<NamedEntry, "before" | "after">): string | null {
  const names = Object.keys({ ...(before ?? {}), ...(after ?? {}) });
  const labels = names.map((name) => SETTING_LABELS[name as keyof typeof SETTING_LABELS] ?? name);
  return labels.join(", ") || null;
}

/** The id of the changed object, without the kind that a breaker's name begins with. */
export const shortTarget = (target: string): string => target.replace(/^(topic|store):/, "");

/** The name of the target, or its id. */
export function TargetLink({ entry }: { entry: AuditRow }) {
  const href = targetHref(entry);
  const known = targetName(entry);
  const name = known ? (
    <span className="truncate">
      {/* The name of a job reads like an action: "Pause 3 schedules". */}
      {href?.startsWith("/bulk/") && !known.startsWith("Bulk job") ? (
        <span className="text-muted text-xs">Bulk job: </span>
      ) : null}
      {known}
    </span>
  ) : (
    <code className="truncate font-mono text-xs">{shortTarget(entry.target)}</code>
  );
  return (
    <span className="flex min-w-0" title={known ?? entry.target}>
      {href === null ? (
        name
      ) : (
        <Link href={href} className="flex min-w-0 rounded hover:underline">
          {name}
        </Link>
      )}
    </span>
  );
}
