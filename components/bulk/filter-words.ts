import { timeInWords } from "~/components/audit/field-diff";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
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
const FILTER_LABELS: Readonly<Record<string, string>> = {
  q: "Text",
  enabled: "Enabled",
  status: "Status",
  tag: "Tag",
  topic: "Topic",
  entityType: "Entity type",
  action: "Action",
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
  retried: "Retried",
};

/** The conditions of a job's filter in words, such as "Topic: billing.events or crm.events". */
export function filterWords(filter: Readonly<Record<string, unknown>>, display: DisplayZone): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === "") return [];
    if (Array.isArray(value) && value.length === 0) return [];
    const label = FILTER_LABELS[name] ?? name;
    if (value === true) return [label];
    return [`${label}: ${wordOf(name, value, display)}`];
  });
}

function wordOf(name: string, value: unknown, display: DisplayZone): string {
  if (Array.isArray(value)) return value.map((one) => wordOf(name, one, display)).join(" or ");
  if (value === false) return "no";
  // A time in epoch ms: the filters of the pages have no other numbers.
  if (typeof value === "number") return timeInWords(new Date(value).toISOString(), display);
  const text = String(value);
  if (name === "errorClass") return errorClassLabel(text);
  if (name === "reason") return endReasonLabel(text);
  return (
    VALUE_LABELS[name]?.[text] ?? (CODED_FILTERS.has(name) ? text.replaceAll("_", " ") : timeInWords(text, display))
  );
}
