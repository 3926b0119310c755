const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Length of the demo's history. */
export const HISTORY_DAYS = 14;

/** The events of the demo's history. Times are epoch ms; the end of a period is not part of it. */
export interface Story {
  historyFrom: number;
  /** No worker ran: a deployment at night went wrong. */
  workersDown: { from: number; to: number };
  /** The bus refused connections for some minutes; later attempts succeeded. */
  busRestart: { from: number; to: number };
  /** `crm.sync-contacts` has failed from this time until now. */
  contactsFailSince: number;
  /** Period in which the messages of `catalog.supplier-feed` were larger than the bus accepts. */
  tooLarge: { from: number; to: number };
  /** `billing.payment-reminders` was paused in this period. */
  remindersPaused: { from: number; to: number };
  /** `catalog.import-prices` is paused until a time in the future. */
  pricesPaused: { from: number; until: number };
  /** `data.hourly-totals` moved from minute 0 to minute 5. */
  totalsMoved: number;
  /** Times at which a user started `billing.ledger-export` with Run now. */
  manualRuns: number[];
}

/** The start of the UTC day that is `days` days before the day of `nowMs`. */
export const dayBefore = (nowMs: number, days: number): number => Math.floor(nowMs / DAY) * DAY - days * DAY;

export function storyUntil(nowMs: number): Story {
  const down = dayBefore(nowMs, 3) + 2 * HOUR + 5 * MINUTE;
  const restart = dayBefore(nowMs, 6) + 14 * HOUR + 3 * MINUTE;
  const paused = dayBefore(nowMs, 7) + 7 * HOUR + 12 * MINUTE;
  return {
    historyFrom: dayBefore(nowMs, HISTORY_DAYS),
    workersDown: { from: down, to: down + 95 * MINUTE },
    busRestart: { from: restart, to: restart + 6 * MINUTE },
    contactsFailSince: nowMs - 75 * MINUTE,
    tooLarge: { from: nowMs - 26 * HOUR, to: nowMs - 25 * HOUR },
    remindersPaused: { from: paused, to: paused + 50 * HOUR },
    pricesPaused: { from: nowMs - 29 * HOUR, until: dayBefore(nowMs, -2) + 8 * HOUR },
    totalsMoved: dayBefore(nowMs, 4) + 10 * HOUR + 41 * MINUTE,
    manualRuns: [
      dayBefore(nowMs, 2) + 9 * HOUR + 17 * MINUTE + 4210,
      dayBefore(nowMs, 9) + 15 * HOUR + 2 * MINUTE + 911,
    ],
  };
}

export const isIn = (period: { from: number; to: number }, ms: number): boolean => ms >= period.from && ms < period.to;
