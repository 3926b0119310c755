import { timeInWords } from "~/components/audit/field-diff";
import { HOUR_LABELS, WEEKDAY_LABELS } from "~/components/charts/prepare/heatmap";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import type { RouterInputs } from "~/components/trpc/client";
import type { DisplayZone } from "~/components/ui/format";
import { OUTCOME_LABELS, STATUS_LABELS, TIER_LABELS } from "~/components/ui/outcome";
import { endReasonLabel, errorClassLabel } from "~/components/ui/reasons";

/** Filters whose values are codes such as `one_time`. A code without a label is shown with spaces for underscores. */
const CODED_FILTERS = new Set(["kind", "status", "source", "tier", "trigger"]);
const VALUE_LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: { ...OUTCOME_LABELS, ...STATUS_LABELS },
  source: SOURCE_LABELS,
  tier: TIER_LABELS,
  trigger: TRIGGER_LABELS,
};
/** Filters of a job about schedules or about dead letters. */
type FilterName =
  | keyof NonNullable<RouterInputs["bulk"]["start"]["filter"]>
  | keyof NonNullable<RouterInputs["deadLetters"]["decide"]["filter"]>;
const FILTER_LABELS: Readonly<Record<FilterName, string>> = {
  q: "Text",
  enabled: "Enabled",
  status: "Status",
  tag: "Tag",
  topic: "Topic",
  entityType: "Entity type",
  action: "Action",
  eventType: "Entity type",
  eventAction: "Action",
  source: "Source",
  owner: "Owner",
  tier: "Tier",
  kind: "Kind",
  failing: "Failing",
  overdue: "Overdue",
  dueBefore: "Due before",
  dueAfter: "Due after",
  cronExpression: "Cron",
  timezone: "Time zone",
  scheduleId: "Schedule",
  from: "From",
  to: "To",
  trigger: "Trigger",
  errorClass: "Error class",
  errorShape: "Error",
  reason: "Reason",
  correlationId: "Correlation id",
  retried: "Retried",
  weekday: "Weekday",
  hour: "Hour",
};

/** The conditions of a job's filter in words, such as "Topic: billing.events or crm.events". */
export function filterWords(filter: Readonly<Record<string, unknown>>, display: DisplayZone): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === "") return [];
    if (Array.isArray(value) && value.length === 0) return [];
    const label = (FILTER_LABELS as Readonly<Record<string, string>>)[name] ?? name;
    if (value === true) return [label];
    return [`${label}: ${wordOf(name, value, display)}`];
  });
}

function wordOf(name: string, value: unknown, display: DisplayZone): string {
  if (Array.isArray(value)) return value.map((one) => wordOf(name, one, display)).join(" or ");
  if (value === false) return "no";
  if (typeof value === "number") return numberInWords(name, value, display);
  const text = String(value);
  if (name === "errorClass") return errorClassLabel(text);
  if (name === "reason") return endReasonLabel(text);
  return (
    VALUE_LABELS[name]?.[text] ?? (CODED_FILTERS.has(name) ? text.replaceAll("_", " ") : timeInWords(text, display))
  );
}

function numberInWords(name: string, value: number, display: DisplayZone): string {
  if (name === "weekday") return WEEKDAY_LABELS[value - 1] ?? String(value);
  if (name === "hour") return HOUR_LABELS[value] ?? String(value);
  // All other numbers are times in epoch ms.
  return timeInWords(new Date(value).toISOString(), display);
}
