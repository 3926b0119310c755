import { isByTopic } from "~/server/domain/document-kinds";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { CopiedKind } from "~/server/ports/hot/copies";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { InFlightState } from "~/server/ports/hot/instances";
import { refused, requireTopic } from "../scope";

const ALL_STATES = ["running", "held", "waiting"] as const satisfies readonly InFlightState[];
/** Rows per state and shard to read, to find the rows in scope. */
const MAX_IN_FLIGHT = 20_000;
/** Occurrences to read for each requested occurrence, up to the maximum, to find those in scope. */
const READ_PER_UPCOMING = 20;
const MAX_UPCOMING = 2000;

/**
 * Restricts the hot tier to a scope. Rows of other topics do not exist, and changes of them are refused. Answers
 * without rows are not restricted, and neither are the audit entries of `unflushed`, which callers must filter. Calls
 * about the whole installation are refused, except some that services need, such as `memory` and `pauses`. The build
 * fails for a method of the hot tier that is missing here.
 */
export function scopedHot(hot: HotTier, scope: TopicPrefixes): HotTier {
  const isVisible = ({ topic }: { topic: string }) => isInScope(scope, topic);
  const requireOwn = ({ topic }: { topic: string }) => requireTopic(scope, topic);
  const isVisibleDocument = (kind: CopiedKind, key: string) => !isByTopic(kind) || isInScope(scope, key);
  return {
    shards: hot.shards,
    shardOf: hot.shardOf,
    answers: hot.answers,
    ...{ reserveName: hot.reserveName, nameHolders: hot.nameHolders, releaseName: hot.releaseName },
    ...{ epoch: hot.epoch, now: hot.now, memory: hot.memory, persistence: hot.persistence, pauses: hot.pauses },
    maybeRecorded: hot.maybeRecorded,
    ...{ inFlight: hot.inFlight, instances: hot.instances },
    ...{ append: hot.append, copyDocuments: hot.copyDocuments, completeCopy: hot.completeCopy, isCopied: hot.isCopied },

    async put(input) {
      requireOwn(input.schedule);
      return hot.put(input);
    },
    async putMany(inputs, newEntry) {
      for (const { schedule } of inputs) requireOwn(schedule);
      return hot.putMany(inputs, newEntry);
    },
    async enqueue(input) {
      requireOwn(input.schedule);
      return hot.enqueue(input);
    },
    async enqueueOnce(input) {
      requireOwn(input.schedule);
      return hot.enqueueOnce(input);
    },
    async getMany(ids, options) {
      return (await hot.getMany(ids, options)).map((row) => (row !== null && isVisible(row) ? row : null));
    },
    async upcoming({ limit }) {
      const rows = await hot.upcoming({ limit: Math.min(MAX_UPCOMING, limit * READ_PER_UPCOMING) });
      return rows.filter(({ schedule }) => isVisible(schedule)).slice(0, limit);
    },
    async listInFlight({ states, topic, scheduleId, limit }) {
      const { rows, isComplete } = await hot.listInFlight({ states: ALL_STATES, limit: MAX_IN_FLIGHT });
      const own = rows.filter(({ schedule }) => isVisible(schedule));
      const countOf = (state: InFlightState) => own.filter((row) => row.state === state).length;
      const matches = own.filter(
        (row) =>
          (topic === undefined || row.schedule.topic === topic) &&
          (scheduleId === undefined || row.schedule.scheduleId === scheduleId),
      );
      const byState = states.map((state) => matches.filter((row) => row.state === state));
      return {
        rows: byState.flatMap((some) => some.slice(0, limit)),
        counts: { running: countOf("running"), held: countOf("held"), waiting: countOf("waiting") },
        isComplete: isComplete && byState.every((some) => some.length <= limit),
      };
    },
    async instance(key) {
      const found = await hot.instance(key);
      return found !== null && isVisible(found.schedule) ? found : null;
    },
    async breakers() {
      const all = await hot.breakers();
      const isOwn = (name: string) => name.startsWith("topic:") && isInScope(scope, name.slice("topic:".length));
      return new Map([...all].filter(([name]) => isOwn(name)));
    },
    async heldTopics() {
      return (await hot.heldTopics()).filter(isVisible);
    },
    async unflushed(input) {
      const { schedules, executions, ...rest } = await hot.unflushed(input);
      return { ...rest, schedules: schedules.filter(isVisible), executions: executions.filter(isVisible) };
    },
    async copied(kind) {
      const { rows, complete } = await hot.copied(kind);
      return { complete, rows: new Map([...rows].filter(([key]) => isVisibleDocument(kind, key))) };
    },
    async copiedOne(kind, key) {
      const found = await hot.copiedOne(kind, key);
      return isVisibleDocument(kind, key) ? found : { ...found, json: null };
    },
    copiedByIndex: hot.copiedByIndex,

    ...{ fences: refused, promote: refused, listInstances: refused, stats: refused, leaseHolders: refused },
    ...{ claim: refused, extend: refused, rescue: refused, setAside: refused, giveBack: refused },
    ...{ settle: refused, replan: refused },
    ...{ swapBreaker: refused, claimHeld: refused, drainHeld: refused, expireHeld: refused },
    ...{ appendBytes: refused, readBatch: refused, ackBatch: refused, auditHead: refused, expireFences: refused },
    ...{
      serverInfo: refused,
      setPause: refused,
      beginRebuild: refused,
      endRebuild: refused,
      probeWrite: refused,
      onWake: refused,
    },
  };
}
