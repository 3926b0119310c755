import { AppError, type ErrorCode } from "~/server/domain/errors";
import { TITLES } from "../problem";

/** Codes that occur together, and their part of a name. */
const GROUPS = {
  InvalidTimes: [
    "cron_invalid",
    "cron_never_fires",
    "cron_too_frequent",
    "timezone_unknown",
    "execution_time_past",
    "delay_too_long",
  ],
  InvalidCron: ["cron_invalid", "cron_never_fires", "cron_too_frequent", "timezone_unknown"],
  StoreUnavailable: ["redis_unavailable", "clickhouse_unavailable", "query_timeout"],
} as const satisfies Record<string, readonly ErrorCode[]>;

const ORDER = Object.keys(TITLES) as ErrorCode[];

/** A response of the document, for the errors of one status. */
export interface ErrorResponse {
  status: string;
  /** Its name in `components.responses`, which the same codes always get. */
  name: string;
  response: object;
}

/** The responses for these codes, by status. */
export function errorResponses(codes: Iterable<ErrorCode>): ErrorResponse[] {
  const byStatus = new Map<string, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const status = String(new AppError(code, "").status);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([status, unsorted]) => {
      const sorted = unsorted.sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
      return { status, name: nameOf(sorted), response: responseOf(status, sorted) };
    });
}

/** Such as "RateLimited" and "StoreUnavailableOrMayHaveBeenKept". */
function nameOf(codes: readonly ErrorCode[]): string {
  const [group, members] = Object.entries(GROUPS).find(([, all]) => all.every((code) => codes.includes(code))) ?? [];
  const rest = codes.filter((code) => !(members as readonly ErrorCode[] | undefined)?.includes(code)).map(pascal);
  return [...(group === undefined ? [] : [group]), ...rest].join("Or");
}

const pascal = (code: string) => code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

function responseOf(status: string, codes: readonly ErrorCode[]): object {
  const hasRetryAfter = status === "429" || status === "503" || codes.includes("idempotency_in_progress");
  const names = ["X-Request-Id", ...(hasRetryAfter ? ["Retry-After"] : [])];
  return {
    description: codes.map((code) => `\`${code}\`: ${TITLES[code]}`).join(". "),
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    content: {
      "application/problem+json": {
        schema: {
          allOf: [{ $ref: "#/components/schemas/Problem" }, { type: "object", properties: { code: { enum: codes } } }],
        },
      },
    },
  };
}
