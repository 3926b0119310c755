/** An error of this server, in ClickHouse's format: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
export class Refusal extends Error {
  constructor(code: number, type: string, text: string) {
    super(`Code: ${code}. DB::Exception: ${text} (${type})`);
  }
}

/**
 * Error codes by HTTP status, copied from ClickHouse's `exceptionCodeToHTTPStatus`. All other codes have status 500.
 */
const CODES_BY_STATUS: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [400, [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676]],
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [501, [48]],
  [503, [76, 209, 439]],
];

const STATUS = new Map(CODES_BY_STATUS.flatMap(([status, codes]) => codes.map((code) => [code, status] as const)));

export const statusOf = (code: number): number => STATUS.get(code) ?? 500;

export interface Failure {
  code: number;
  /** `Code: N. DB::Exception: …`, the format that clients parse. */
  text: string;
}

/** Formats any error in ClickHouse's format. An error that ClickHouse did not raise becomes STD_EXCEPTION. */
export function toFailure(error: unknown, version: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = /^Code: (\d+)\. /.exec(message)?.[1];
  if (code === undefined) {
    return { code: 1001, text: `Code: 1001. DB::Exception: ${message}. (STD_EXCEPTION) (version ${version})` };
  }
  return { code: Number(code), text: `${message} (version ${version})` };
}
