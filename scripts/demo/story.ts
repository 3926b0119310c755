const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long the demo's history is. */
export const HISTORY_DAYS = 14;

/** What happened in the two weeks before `nowMs`; epoch ms, each period without its end. */
export interface Story {
  historyFrom: number;
  /** No worker ran: a deployment at night went wrong. */
  workersDown: { from: number; to: number };
  /** The bus refused connections for some minutes; retries healed it. */
  busRestart: { from: number; to: number };
  /** `crm.sync-contacts` has failed from this time until now. */
  contactsFailSince: number;
  /** Period in which the messages of `catalog.supplier-feed` were larger than the bus accepts. */
  tooLarge: { from: number; to: number };
  /** `billing.payment-reminders` was paused, and resumed. */
  remindersPaused: { from: number; to: number };
  /** `catalog.import-prices` is paused. */
  pricesPaused: { from: number; until: number };
  /** `data.hourly-totals` moved from minute 0 to minute 5. */
  totalsMoved: number;
  /** Somebody ran `billing.ledger-export` by hand. */
  ranByHand: number[];
}

/** The start of the UTC day, `days` before that of `nowMs`. */
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
    ranByHand: [
      dayBefore(nowMs, 2) + 9 * HOUR + 17 * MINUTE + 4210,
      dayBefore(nowMs, 9) + 15 * HOUR + 2 * MINUTE + 911,
    ],
  };
}

export const isIn = (period: { from: number; to: number }, ms: number): boolean => ms >= period.from && ms < period.to;
