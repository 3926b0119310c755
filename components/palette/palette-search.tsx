"use client";

import {
  BookOpen,
  CalendarClock,
  CircleHelp,
  Copy,
  CornerDownRight,
  Link2,
  ListChecks,
  type LucideIcon,
  MessageSquare,
  Pause,
  Pencil,
  Play,
  Trash2,
  Zap,
} from "lucide-react";
import type { useRouter } from "next/navigation";
import { docsIndex, findInDocs } from "~/components/docs/search";
import { type DetailTab, TAB_LABELS } from "~/components/schedules/detail-tabs";
import { displayName } from "~/components/schedules/display-name";
import type { ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import type { ActedSchedule } from "~/components/schedules/verb-dialog";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import { callErrorOf } from "~/components/trpc/app-error";
import type { RouterOutputs, useTRPCClient } from "~/components/trpc/client";
import { zoneOffsetMs } from "~/components/ui/format";
import { RIGHT_OF_ACTION, type Right } from "~/server/domain/rights";
import { collect } from "./collect";
import type { PaletteGroup, PaletteItem, PaletteSearch } from "./command-palette";
import { matchHint } from "./match-hint";
import {
  askedWall,
  canDo,
  mayBeCorrelation,
  type PaletteText,
  type PaletteVerb,
  readPaletteText,
} from "./palette-text";
import { readTab, tabHref, tabsLike } from "./schedule-tabs";

const MAX_SCHEDULES = 8;
const MAX_TOPICS = 3;
const MAX_TABS = 3;
const MAX_DOCS = 6;
const DAY_MS = 86_400_000;

type FoundSchedule = RouterOutputs["schedules"]["list"]["items"][number];

/** The bulk actions that the palette offers for all schedules of a topic. */
export type TopicVerb = "pause" | "resume";

const RIGHT_OF_VERB: Record<PaletteVerb, Right> = {
  open: "schedules:read",
  why: "executions:read",
  run: RIGHT_OF_ACTION.execute,
  pause: RIGHT_OF_ACTION.pause,
  resume: RIGHT_OF_ACTION.resume,
  edit: RIGHT_OF_ACTION.edit,
  duplicate: RIGHT_OF_ACTION.create,
  delete: RIGHT_OF_ACTION.delete,
};

const VERBS: Record<PaletteVerb, { Icon: LucideIcon; label: (name: string) => string }> = {
  open: { Icon: CalendarClock, label: (name) => name },
  run: { Icon: Zap, label: (name) => `Run ${name} now…` },
  pause: { Icon: Pause, label: (name) => `Pause ${name}…` },
  resume: { Icon: Play, label: (name) => `Resume ${name}…` },
  edit: { Icon: Pencil, label: (name) => `Edit ${name}` },
  duplicate: { Icon: Copy, label: (name) => `Duplicate ${name}` },
  delete: { Icon: Trash2, label: (name) => `Delete ${name}…` },
  why: { Icon: CircleHelp, label: (name) => `Why didn't ${name} run at …?` },
};

/**
 * Creates the palette's search. The text after an optional verb finds schedules by name, description, tag, id or
 * correlation id, and topics. Without a verb, the text also finds executions by id or correlation id, tabs of
 * schedules, and the documentation. `onVerb` and `onTopic` open the dialog of a verb.
 */
export function createPaletteSearch({
  router,
  client,
  may,
  shownSchedule,
  onVerb,
  onTopic,
}: {
  router: ReturnType<typeof useRouter>;
  client: ReturnType<typeof useTRPCClient>;
  may: (right: Right) => boolean;
  /** The id of the schedule whose page is open. */
  shownSchedule?: string;
  onVerb: (verb: ScheduleVerb, schedule: ActedSchedule) => void;
  onTopic: (verb: TopicVerb, topic: string) => void;
}): PaletteSearch {
  const itemOf = (schedule: FoundSchedule, { verb, words, at }: PaletteText): PaletteItem => {
    const { Icon, label } = VERBS[verb];
    const path = `/schedules/${schedule.scheduleId}`;
    const why = at && askedWall(at, wallNow(schedule.timezone));
    const run = () => {
      if (verb === "open") router.push(path);
      else if (verb === "why") router.push(`${path}${why === null ? "" : `?why=${why}`}#${WHY_ANCHOR}`);
      else if (verb === "edit" || verb === "duplicate") router.push(`${path}/${verb}`);
      else onVerb(verb, schedule);
    };
    const name = displayName(schedule);
    const text = why === null ? label(name) : `Why didn't ${name} run at ${why.replace("T", " ")}?`;
    return { id: schedule.scheduleId, label: text, hint: matchHint(schedule, words), icon: <Icon aria-hidden />, run };
  };

  const byId = async (id: string, signal: AbortSignal): Promise<PaletteGroup> => {
    const from = new Date(Date.now() - DAY_MS).toISOString();
    const [execution, withId] = await Promise.all([
      client.executions.get.query({ executionId: id }, { signal }).catch(nullIfUnknown),
      client.executions.list.query({ q: id, from, limit: 1 }, { signal }),
    ]);
    const items: PaletteItem[] = [];
    if (execution !== null) {
      items.push({
        id: `execution ${id}`,
        label: `Execution of ${displayName(execution)}`,
        hint: execution.status,
        icon: <ListChecks aria-hidden />,
        run: () => router.push(`/executions/${id}`),
      });
    }
    if (withId.items.length > 0) {
      items.push({
        id: `correlation ${id}`,
        label: "Executions of the last 24 h with this id",
        hint: "id or correlation id",
        icon: <Link2 aria-hidden />,
        run: () => router.push(`/executions?q=${id}`),
      });
    }
    return { value: "Executions", items };
  };

  const byCorrelation = async (correlationId: string, signal: AbortSignal): Promise<PaletteGroup> => {
    const from = new Date(Date.now() - DAY_MS).toISOString();
    const { items } = await client.executions.list.query({ correlationId, from, limit: 1 }, { signal });
    const item: PaletteItem = {
      id: `correlation ${correlationId}`,
      label: `Executions of the last 24 h of ${correlationId}`,
      hint: "correlation id",
      icon: <Link2 aria-hidden />,
      run: () => router.push(`/executions?correlation=${encodeURIComponent(correlationId)}`),
    };
    return { value: "Executions", items: items.length > 0 ? [item] : [] };
  };

  const tabItem = (scheduleId: string, name: string, tab: DetailTab): PaletteItem => ({
    id: `tab ${tab} ${scheduleId}`,
    label: `${name}: ${TAB_LABELS[tab].toLowerCase()}`,
    icon: <CornerDownRight aria-hidden />,
    run: () => router.push(tabHref(scheduleId, tab)),
  });

  const topicItem = (verb: "open" | TopicVerb, topic: string): PaletteItem => ({
    id: `topic ${topic}`,
    label: verb === "open" ? `Schedules of ${topic}` : VERBS[verb].label(`all schedules of ${topic}`),
    icon: <MessageSquare aria-hidden />,
    run: () => (verb === "open" ? router.push(`/schedules?topic=${encodeURIComponent(topic)}`) : onTopic(verb, topic)),
  });

  const inDocs = async (words: string): Promise<PaletteGroup> => {
    const items = findInDocs(await docsIndex(), words, MAX_DOCS).map(({ href, label, hint }) => ({
      id: `docs ${href}`,
      label,
      hint,
      icon: <BookOpen aria-hidden />,
      run: () => router.push(href),
    }));
    return { value: "Documentation", items };
  };

  return async (text, signal) => {
    const read = readPaletteText(text);
    const { verb, words, id } = read;
    const takesTopic = verb === "open" || ((verb === "pause" || verb === "resume") && may("schedules:toggle"));
    const nothing = Promise.resolve(null);
    const executionsOf = () => {
      if (verb !== "open") return nothing;
      return id !== null ? byId(id, signal) : mayBeCorrelation(words) ? byCorrelation(words, signal) : nothing;
    };
    const named = verb === "open" ? readTab(words) : null;
    const { found, failed } = await collect(
      {
        tabbed: named ? client.schedules.list.query({ q: named.name, limit: MAX_TABS }, { signal }) : nothing,
        schedules: words === "" ? nothing : client.schedules.list.query({ q: words, limit: MAX_SCHEDULES }, { signal }),
        facets: words === "" || !takesTopic ? nothing : client.schedules.facets.query(undefined, { signal }),
        executions: executionsOf(),
        docs: verb === "open" && id === null ? inDocs(words) : nothing,
      },
      {
        tabbed: "schedules",
        schedules: "schedules",
        facets: "topics",
        executions: "executions",
        docs: "the documentation",
      },
    );
    const { schedules, facets, executions, docs } = found;
    const isOffered = may(RIGHT_OF_VERB[verb]);
    const items = isOffered ? (schedules?.items ?? []).filter(({ status }) => canDo(verb, status)) : [];
    const known = [...(facets?.topics ?? []).map(({ value }) => value), ...items.map(({ topic }) => topic)];
    const topics = takesTopic ? topicsLike(words, known) : [];
    const scheduleGroup = { value: "Schedules", items: items.map((schedule) => itemOf(schedule, read)) };
    const topicGroup = { value: "Topics", items: topics.map((topic) => topicItem(verb as "open" | TopicVerb, topic)) };
    const tabs = named
      ? (found.tabbed?.items ?? []).map((one) => tabItem(one.scheduleId, displayName(one), named.tab))
      : [];
    const shownTabs = verb === "open" && shownSchedule !== undefined ? tabsLike(words) : [];
    const groups = [
      // Enter acts on the first group.
      ...(topics[0] === words ? [topicGroup, scheduleGroup] : [scheduleGroup, topicGroup]),
      { value: "Tabs of schedules", items: tabs },
      ...(executions === null ? [] : [executions]),
    ];
    const laterGroups = [
      { value: "This schedule", items: shownTabs.map((tab) => tabItem(shownSchedule ?? "", "This schedule", tab)) },
      ...(docs === null ? [] : [docs]),
    ];
    return { groups, laterGroups, failed: [...new Set(failed)] };
  };
}

/** Null if the execution does not exist. Throws any other error. */
function nullIfUnknown(error: unknown): null {
  if (callErrorOf(error)?.code === "not_found") return null;
  throw error;
}

/** The topics whose name contains the words; an exact match comes first. */
function topicsLike(words: string, topics: readonly string[]): string[] {
  const wanted = words.toLowerCase();
  const found = [...new Set(topics)].filter((topic) => wanted !== "" && topic.toLowerCase().includes(wanted));
  return found.sort((a, b) => Number(b === words) - Number(a === words)).slice(0, MAX_TOPICS);
}

function wallNow(zone: string): string {
  const nowMs = Date.now();
  return new Date(nowMs + zoneOffsetMs(nowMs, zone)).toISOString().slice(0, 19);
}
