const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const HISTORY_DAYS = 14;

/** The events of the demo's history. Times are epoch ms. A period excludes its end. */
export interface Story {
  historyFrom: number;
  /** Period without a worker. */
  workersDown: { from: number; to: number };
  /** Period in which the bus refused connections. */
  busRestart: { from: number; to: number };
  /** Since this time, the messages of `crm.sync-contacts` are larger than the bus accepts. */
  contactsFailSince: number;
  /** Period in which the messages of `catalog.supplier-feed` were larger than the bus accepts. */
  tooLarge: { from: number; to: number };
  /** Period in which `billing.payment-reminders` was paused. */
  remindersPaused: { from: number; to: number };
  /** Period in which `catalog.import-prices` is paused. It ends in the future. */
  pricesPaused: { from: number; until: number };
  /** Time at which `data.hourly-totals` was moved from minute 0 to minute 5. */
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
