import type { Trigger } from "../execution";
import type { DstGap } from "../schedule";

/** The effect of a clock change on a local time. `localTime` has no offset: `2027-03-28T02:30:00`. */
export interface DstEffect {
  kind: "gap_moved" | "gap_skipped" | "overlap_first" | "overlap_second";
  localTime: string;
}

/** A change of the schedule from the audit trail. Fields that the trail does not have are null. */
export interface ChangeFact {
  /** The id of the audit entry. */
  entryId: string | null;
  at: string | null;
  actor: string | null;
  /** The version that the change created. */
  version: number | null;
}

/** A pause. `resumedAt` is null while the pause lasts, and if the audit trail lacks the resume. */
export interface PauseFact {
  /** The id of the audit entry of the pause. */
  entryId: string | null;
  at: string | null;
  actor: string | null;
  note: string | null;
  until: string | null;
  resumedAt: string | null;
  resumedBy: string | null;
}

/** The planned times before and after a time that is not planned. */
interface Around {
  previous: string | null;
  next: string | null;
}

interface Common {
  /** The nominal time of the occurrence, or the requested time without an occurrence. */
  at: string;
  /** Nominal time plus jitter; null without an occurrence. */
  effectiveAt: string | null;
  /** The version in force at that time; null if it is unknown. */
  version: number | null;
  /** Null if no clock change affects the time. */
  dst: DstEffect | null;
}

/** An occurrence with a row in the ledger. */
interface Recorded extends Common {
  executionId: string;
  trigger: Trigger;
  actor: string | null;
  endedAt: string;
  latenessMs: number;
  attempts: number;
  /** The last replay that has ended. */
  replay: { executionId: string; outcome: string } | null;
}

/** An occurrence that has left the plan and has not ended. */
interface InFlight extends Common {
  executionId: string;
  attempts: number;
  error: string | null;
}

/** Why a schedule did, or did not, fire at a time. Times are ISO 8601 in UTC. */
export type Explanation = Answer & {
  /** The pause of all firing that keeps the occurrence waiting now, or else the pause when it was due. */
  allPaused: PauseFact | null;
};

export type Answer =
  | (Recorded & { kind: "fired"; firedAt: string; late: boolean })
  | (Recorded & { kind: "dead"; reason: string | null; error: string | null })
  | (Recorded & { kind: "expired" | "cancelled" })
  | (Recorded & { kind: "skipped"; reason: string | null; pause: PauseFact | null; edit: ChangeFact | null })
  | (InFlight & { kind: "running" | "waiting" })
  | (InFlight & { kind: "retrying"; nextAttemptAt: string })
  | (InFlight & { kind: "held"; topic: string; openedAt: string | null; nextTrialAt: string | null })
  | (Common & { kind: "upcoming" })
  | (Common & { kind: "overdue" })
  | (Common & { kind: "paused"; isPast: boolean; pause: PauseFact })
  | (Common & { kind: "completed"; maxRuns: number | null })
  | (Common & { kind: "deleted"; deletion: ChangeFact })
  | (Common & { kind: "before_creation"; createdAt: string; createdBy: string; next: string | null })
  | (Common & { kind: "before_start"; startAt: string; next: string | null })
  | (Common & { kind: "after_end"; endAt: string; previous: string | null })
  | (Common & { kind: "not_planned" } & Around)
  | (Common & { kind: "edited"; edit: ChangeFact; plannedBy: "earlier" | "later" } & Around)
  | (Common & { kind: "dst_gap"; policy: DstGap; next: string | null })
  | (Common & { kind: "dst_overlap"; runsAt: string | null })
  | (Common & { kind: "no_history"; keptDays: number })
  | (Common & {
      kind: "unknown";
      /** `definition`: the audit trail does not reach back to the definition that was in force. */
      because: "definition" | "no_record";
      /** The watchdog has checked all occurrences due before this time; null before its first report. */
      comparedUntil: string | null;
      /** Whether the occurrence is missing although the watchdog has put it back before. */
      isMissing: boolean;
    });
