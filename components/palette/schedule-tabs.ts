import { DETAIL_TABS, type DetailTab } from "~/components/schedules/detail-tabs";

/** A shorter last word is probably the beginning of a name, not of a tab. */
const MIN_TAB_CHARS = 4;

/** The tabs of a schedule's page whose names begin with the words. */
export function tabsLike(words: string): DetailTab[] {
  const wanted = words.trim().toLowerCase();
  return wanted === "" ? [] : DETAIL_TABS.filter((tab) => tab.startsWith(wanted));
}

/** "invoice versions" is the tab `versions` of the schedules that "invoice" finds; null without a name or a tab. */
export function readTab(words: string): { name: string; tab: DetailTab } | null {
  const [, name, last] = /^(.+?)\s+(\S+)$/.exec(words.trim()) ?? [];
  const [tab] = last !== undefined && last.length >= MIN_TAB_CHARS ? tabsLike(last) : [];
  return name === undefined || tab === undefined ? null : { name, tab };
}

export const tabHref = (scheduleId: string, tab: DetailTab): string =>
  `/schedules/${scheduleId}${tab === "overview" ? "" : `?tab=${tab}`}`;
