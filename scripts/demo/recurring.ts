import type { Schedule } from "~/server/domain/schedule";

/** One recurring schedule of the demo. Its topic is the part of the name before the dot, followed by `.events`. */
export interface RecurringDemo {
  name: string;
  cron: string;
  zone: string;
  entityType: string;
  action: string;
  description: string;
  tags: string[];
  more?: Partial<Pick<Schedule, "jitterSeconds" | "catchUp" | "dstGap" | "dstOverlap" | "maxRetries">>;
}

const LAST = { policy: "last", windowSeconds: 86_400, maxRuns: 100 } as const;
const ALL = { ...LAST, policy: "all" } as const;
const NONE = { ...LAST, policy: "none" } as const;

/** `target`: entity type and action, separated by a space. */
type Line = [
  name: string,
  cron: string,
  zone: string,
  target: `${string} ${string}`,
  description: string,
  more?: RecurringDemo["more"],
];

/** The schedules of an online shop. Many of them fire at 00:00 UTC, so that the pages show a crowded minute. */
const LINES: readonly Line[] = [
  [
    "billing.create-invoices",
    "0 0 * * *",
    "UTC",
    "invoice create",
    "Creates the invoices of the day",
    { catchUp: ALL },
  ],
  ["billing.close-day", "30 2 * * *", "Europe/Berlin", "ledger close", "Closes the business day after the last till"],
  [
    "billing.close-day-australia",
    "30 2 * * *",
    "Australia/Sydney",
    "ledger close",
    "Closes the business day of the Australian shops",
    { dstGap: "skip", dstOverlap: "both" },
  ],
  [
    "billing.payment-reminders",
    "0 9 * * 1-5",
    "Europe/Berlin",
    "invoice remind",
    "Reminds customers of overdue invoices",
  ],
  ["billing.card-expiry", "0 8 1 * *", "UTC", "card warn", "Warns customers whose card expires this month"],
  ["billing.payouts", "0 16 * * 5", "America/New_York", "payout start", "Pays the marketplace sellers"],
  ["billing.retry-charges", "15 */4 * * *", "UTC", "charge retry", "Retries charges that the bank refused"],
  [
    "billing.ledger-export",
    "0 0 * * *",
    "UTC",
    "ledger export",
    "Exports the ledger for the accountants",
    { catchUp: ALL },
  ],
  ["crm.sync-contacts", "*/10 * * * *", "UTC", "contact sync", "Sends changed contacts to the CRM"],
  ["crm.score-leads", "0 * * * *", "UTC", "lead score", "Scores the leads of the last hour"],
  [
    "crm.welcome-mails",
    "*/15 * * * *",
    "Europe/London",
    "user welcome",
    "Welcomes customers who signed up",
    { catchUp: ALL },
  ],
  [
    "crm.newsletter",
    "0 10 * * 2",
    "Europe/Berlin",
    "newsletter send",
    "Sends the weekly newsletter",
    { jitterSeconds: 900 },
  ],
  ["crm.churn-report", "0 0 * * 1", "UTC", "report create", "Lists customers who may leave"],
  [
    "catalog.reindex-products",
    "*/5 * * * *",
    "UTC",
    "product reindex",
    "Brings changed products into the search index",
  ],
  ["catalog.import-prices", "0 */2 * * *", "Europe/Berlin", "price import", "Imports the prices of the suppliers"],
  ["catalog.stock-snapshot", "0 0 * * *", "UTC", "stock snapshot", "Keeps the stock levels of the day"],
  ["catalog.clean-images", "20 3 * * 0", "UTC", "image clean", "Deletes images that no product uses"],
  ["catalog.supplier-feed", "10,40 * * * *", "Europe/Paris", "feed import", "Reads the feed of the main supplier"],
  ["search.suggestions", "30 * * * *", "UTC", "index build", "Builds the suggestions of the search field"],
  [
    "search.publish-synonyms",
    "0 6 * * 1-5",
    "Europe/Berlin",
    "synonyms publish",
    "Publishes the synonyms that editors approved",
  ],
  ["search.click-model", "0 0 * * *", "UTC", "model train", "Trains the ranking on the clicks of the day"],
  [
    "ops.heartbeat",
    "* * * * *",
    "UTC",
    "heartbeat emit",
    "Shows the on-call tool that events arrive",
    { catchUp: NONE },
  ],
  ["ops.check-certificates", "0 7 * * *", "UTC", "certificate check", "Finds certificates that expire within 21 days"],
  ["ops.verify-backups", "0 0 * * *", "UTC", "backup verify", "Restores last night's backup into a scratch database"],
  ["ops.cost-report", "0 8 1 * *", "UTC", "report create", "Sends the cloud costs of the month"],
  ["ops.rotate-logs", "0 0 * * *", "UTC", "log rotate", "Moves yesterday's logs to the archive"],
  [
    "mobile.badge-counts",
    "*/30 * * * *",
    "UTC",
    "badge refresh",
    "Refreshes the badge counts of the apps",
    { catchUp: NONE },
  ],
  [
    "mobile.digest-india",
    "0 18 * * *",
    "Asia/Kolkata",
    "digest push",
    "Pushes the evening digest",
    { jitterSeconds: 300 },
  ],
  [
    "mobile.digest-us-east",
    "0 18 * * *",
    "America/New_York",
    "digest push",
    "Pushes the evening digest",
    { jitterSeconds: 300 },
  ],
  [
    "mobile.digest-australia",
    "0 18 * * *",
    "Australia/Sydney",
    "digest push",
    "Pushes the evening digest",
    { jitterSeconds: 300 },
  ],
  ["risk.rescore-orders", "*/20 * * * *", "UTC", "order rescore", "Scores open orders for fraud again"],
  ["risk.sanctions-list", "0 0 * * *", "UTC", "list update", "Fetches the sanctions lists"],
  [
    "risk.night-review",
    "30 1 * * *",
    "America/New_York",
    "case review",
    "Opens the cases for the night shift",
    { dstOverlap: "both" },
  ],
  [
    "data.load-warehouse",
    "0 0 * * *",
    "UTC",
    "warehouse load",
    "Loads the day into the warehouse",
    { catchUp: ALL, maxRetries: 5 },
  ],
  [
    "data.daily-figures",
    "45 5 * * *",
    "Europe/Berlin",
    "figures compute",
    "Computes the figures of the morning report",
  ],
  ["data.hourly-totals", "5 * * * *", "UTC", "totals compute", "Computes the totals of the hour"],
  ["data.delete-expired", "0 0 * * *", "UTC", "data delete", "Deletes data whose retention has ended"],
  [
    "support.check-response-times",
    "*/5 * * * 1-5",
    "Europe/London",
    "ticket check",
    "Escalates tickets that wait too long",
    { catchUp: NONE },
  ],
  [
    "support.send-surveys",
    "0 17 * * 1-5",
    "Europe/London",
    "survey send",
    "Asks customers whose ticket was closed",
    { jitterSeconds: 600 },
  ],
  ["support.queue-report", "0 0 * * *", "UTC", "report create", "Counts the tickets of the day"],
];

export const RECURRING: readonly RecurringDemo[] = LINES.map(([name, cron, zone, target, description, more]) => {
  const [entityType = "", action = ""] = target.split(" ");
  const team = name.slice(0, name.indexOf("."));
  const isNightly = /^\d+ [0-6] /.test(cron);
  return { name, cron, zone, entityType, action, description, tags: isNightly ? [team, "nightly"] : [team], more };
});
