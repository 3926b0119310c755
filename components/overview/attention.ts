import type { Part } from "~/components/reach/reach-state";
import { reasonWords } from "~/components/system/health-words";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCount } from "~/components/ui/format";
import { currentHealth } from "./health-signals";

/** A problem that needs a person, and the page where to act. */
export interface AttentionItem {
  id: string;
  state: "critical" | "warning";
  title: string;
  detail: string;
  action: { label: string; href: string };
}

/** The problems that need a person. `unknown` lists the checks that are loading or have failed. */
export interface Attention {
  items: AttentionItem[];
  unknown: string[];
}

/** The total of a list; undefined if it is unknown. */
type Total = RouterOutputs["schedules"]["count"] | undefined;

/**
 * Collects the problems, critical problems first. An undefined answer is listed in `unknown`. `unreachable` has the
 * parts that do not respond.
 */
export function attentionOf(input: {
  health: RouterOutputs["monitoring"]["health"] | undefined;
  overdue: Total;
  failing: Total;
  deadLetters: Total;
  unreachable: readonly Part[];
}): Attention {
  const health = currentHealth(input.health, input.unreachable);
  // While all firing is paused, every due schedule becomes overdue, so overdue schedules are not listed.
  const isAllPaused = health?.reasons.some(({ code }) => code === "all_paused") ?? false;
  const hasCriticalReason = health?.reasons.some(({ severity }) => severity === "critical") ?? false;
  const items = [
    ...(health?.reasons ?? []).map(fromReason),
    ...(health?.status === "degraded" && !hasCriticalReason ? [DEGRADED] : []),
    ...counted(isAllPaused ? undefined : input.overdue, (n, text) => ({
      id: "overdue",
      state: "critical",
      title: `${text} ${n === 1 ? "schedule is" : "schedules are"} overdue`,
      detail: "Active, with a next run that is more than a minute late.",
      action: { label: "Show overdue", href: "/schedules?tab=overdue" },
    })),
    ...counted(input.failing, (n, text) => ({
      id: "failing",
      state: "warning",
      title: `${text} ${n === 1 ? "schedule is" : "schedules are"} failing`,
      detail: "The last run ended dead or expired.",
      action: { label: "Show failing", href: "/schedules?tab=failing" },
    })),
    ...counted(input.deadLetters, (n, text) => ({
      id: "dead-letters",
      state: "warning",
      title: `${text} dead ${n === 1 ? "letter needs" : "letters need"} a decision`,
      detail: "Scheduled in the last 7 days, and neither replayed nor discarded.",
      action: { label: "Show dead letters", href: "/dead-letters" },
    })),
  ] satisfies AttentionItem[];
  const unknown = [
    ...(health === undefined ? ["health"] : []),
    ...(input.overdue === undefined ? ["overdue schedules"] : []),
    ...(input.failing === undefined ? ["failing schedules"] : []),
    ...(input.deadLetters === undefined ? ["dead letters"] : []),
  ];
  return { items: items.toSorted((a, b) => SEVERITY[a.state] - SEVERITY[b.state]), unknown };
}

/** A degraded installation without the reasons, which a caller with a scope does not get. */
const DEGRADED: AttentionItem = {
  id: "degraded",
  state: "critical",
  title: "The installation is degraded",
  detail: "Some events may not fire or be recorded. An administrator can see why.",
  action: { label: "Show system", href: "/system" },
};

const SEVERITY = { critical: 0, warning: 1 } as const;

function counted(count: Total, toItem: (n: number, text: string) => AttentionItem): AttentionItem[] {
  if (count === undefined || count.total === 0) return [];
  return [toItem(count.total, formatCount(count.total, !count.totalIsExact))];
}

function fromReason(reason: RouterOutputs["monitoring"]["health"]["reasons"][number]): AttentionItem {
  const { title, detail, link: action } = reasonWords(reason);
  return {
    id: `${reason.code} ${reason.message}`,
    state: reason.severity,
    title,
    detail,
    action,
  };
}
