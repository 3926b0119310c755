import type { CatchUp, DstGap, DstOverlap } from "~/server/domain/schedule";
import type { TopicScope } from "./schedules";

/** Schedules to count. Lists match any of their values. */
export interface LoadFilter extends TopicScope {
  topic?: readonly string[];
  tag?: readonly string[];
  /** The id of a schedule that is not counted. */
  exceptId?: string;
}

/** Epoch ms, `fromMs <= t < toMs`. */
export interface LoadSpan {
  fromMs: number;
  toMs: number;
}

/** Recurring schedules that fire at the same times. Bounds outside of the span are null. */
export interface RecurrenceGroup {
  /** Identifies the group in queries over the same span. */
  key: string;
  cronExpression: string;
  timezone: string;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
  startAt: number | null;
  endAt: number | null;
  jitterSeconds: number;
  /** The number of runs that `max_runs` leaves; null if the span cannot reach that limit. */
  runsLeft: number | null;
  schedules: number;
  /** Those with the most schedules, at most 50. */
  topics: { topic: string; schedules: number }[];
  /** Like `topics`. A schedule counts in each of its tags; without tags, in the tag "". Empty unless requested. */
  tags: { tag: string; schedules: number }[];
}

type GroupId = Pick<RecurrenceGroup, "key" | "cronExpression" | "timezone">;

/** The groups whose members a page shows. */
interface WantedGroups {
  completeGroups: readonly GroupId[];
  lastGroups: readonly GroupId[];
}

export interface RecurrenceGroups {
  /** The groups with the most schedules first. */
  groups: RecurrenceGroup[];
  /** The number of schedules in all groups, returned or not. */
  schedules: number;
  /** The number of groups, returned or not. */
  distinct: number;
}

/** A recurrence group, split further by the fields that decide what a worker runs after an outage. */
export interface OutageGroup extends Omit<RecurrenceGroup, "key" | "topics" | "tags"> {
  catchUp: CatchUp;
  maxDelaySeconds: number;
  /** Ids of some of the group's schedules, for which the jitter is computed. */
  sample: string[];
}

export interface OneTimeLoad {
  /** By minute of the effective time, which is estimated for schedules with jitter. */
  minutes: { atMs: number; schedules: number }[];
  /** By topic and bucket of `bucketSeconds`, counted from `originMs`; the smallest counts may be left out. */
  topics: { topic: string; atMs: number; schedules: number }[];
}

/** A schedule in a list of the next firings. */
export interface LoadMember {
  scheduleId: string;
  name: string | null;
  topic: string;
  entityType: string;
  action: string;
  entityId: string | null;
  timezone: string;
  cronExpression: string | null;
  /** Null for a recurring schedule. */
  executionTime: number | null;
  jitterSeconds: number;
  enabled: boolean;
  pausedUntil: number | null;
}

/** Data for the expected firings of the recorded schedules, and past firings. Reads the newest rows of ClickHouse. */
export interface LoadStore {
  /**
   * `enabled`: groups of recurring schedules that may fire in the span. `paused`: groups of schedules that would fire
   * if they were enabled. At most `limit` groups of each. `tags` also counts the schedules by tag.
   */
  recurrenceGroups(
    input: LoadSpan & { filter: LoadFilter; limit: number; tags?: boolean },
  ): Promise<{ enabled: RecurrenceGroups; paused: RecurrenceGroups }>;
  /** Like `recurrenceGroups`, but also grouped by the fields that decide what runs after an outage. */
  outageGroups(
    input: LoadSpan & { filter: LoadFilter; limit: number },
  ): Promise<{ groups: OutageGroup[]; schedules: number; distinct: number }>;
  /** Enabled one-time schedules that are due in the span. */
  oneTimeLoad(input: LoadSpan & { filter: LoadFilter; originMs: number; bucketSeconds: number }): Promise<OneTimeLoad>;
  /**
   * Like the topics of `oneTimeLoad`, but by tag. A schedule counts in each of its tags; without tags, in the tag "".
   */
  oneTimeTags(
    input: LoadSpan & { filter: LoadFilter; originMs: number; bucketSeconds: number },
  ): Promise<{ tag: string; atMs: number; schedules: number }[]>;
  /** Counts one-time schedules due in the span, and those of them that expire if claimed at the end of the span. */
  oneTimeDue(input: LoadSpan & { filter: LoadFilter }): Promise<{ due: number; expired: number }>;
  /**
   * The enabled and the paused members of recurrence groups, with ids after `afterId`. Of each, at most `limit` members
   * of `completeGroups`, whose firing times lie within the page, and `limit` members of `lastGroups`, whose firing time
   * is the page's last.
   */
  groupMembers(
    input: LoadSpan & {
      filter: LoadFilter;
      enabled: WantedGroups;
      paused: WantedGroups;
      afterId: string;
      limit: number;
    },
  ): Promise<{ scheduleId: string; key: string; enabled: boolean }[]>;
  /** The newest rows of these schedules, in no order. */
  loadMembers(ids: readonly string[]): Promise<LoadMember[]>;
  /** Enabled and paused one-time schedules with an execution time in the span, by time and id, after `after`. */
  oneTimeMembers(
    input: LoadSpan & { filter: LoadFilter; after: { atMs: number; scheduleId: string } | null; limit: number },
  ): Promise<LoadMember[]>;
  /**
   * The maximum number of executions that were acknowledged in one minute and in one bucket of the span, and the number
   * of all acknowledged executions in the span. `topic` restricts the executions.
   */
  measuredThroughput(
    input: LoadSpan & TopicScope & { topic?: readonly string[]; bucketSeconds: number },
  ): Promise<{ minutePeak: number; minutePeakAtMs: number | null; bucketPeak: number; fired: number }>;
}
