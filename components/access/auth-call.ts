import { z } from "zod";
import { CHANGES } from "~/components/trpc/changes-on-their-way";
import { formatCounted } from "~/components/ui/format";

const Problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string(), expected: z.string().optional() })).default([]),
});

/** The errors of a failed request: a message for the form, and one for each invalid field. */
export interface AuthFault {
  message: string;
  /** The server's error code; null if the server did not answer with one. */
  code: string | null;
  fields: Readonly<Record<string, string>>;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** Reads a problem document; `retryAfter` is the header, in seconds. */
export function authFaultOf(answer: { status: number; body: unknown; retryAfter: string | null }): AuthFault {
  const problem = Problem.safeParse(answer.body).data;
  if (!problem)
    return { message: `The server answered ${answer.status}. Try again in a moment.`, code: null, fields: {} };
  const { code } = problem;
  if (code === "rate_limited") {
    return { message: `Too many attempts. Try again ${retryTime(Number(answer.retryAfter))}.`, code, fields: {} };
  }
  const fields = Object.fromEntries(
    problem.errors.map(({ field, message, expected }) => [
      field,
      sentence(expected ? `${message}; expected ${expected}` : message),
    ]),
  );
  return { message: sentence(problem.detail ?? problem.title ?? "The request was refused"), code, fields };
}

/**
 * Divides a fault between the fields of a form and the message above them. The message has the errors of fields that
 * the form does not have, or the whole message if it has none of them; it is empty if the fields show every error.
 */
export function faultForInputs(fault: AuthFault, names: ReadonlySet<string>): AuthFault {
  const errors = Object.entries(fault.fields);
  const shown = errors.filter(([name]) => names.has(name));
  if (shown.length === 0) return { ...fault, fields: {} };
  const others = errors.filter(([name]) => !names.has(name)).map(([name, text]) => `${name}: ${text}`);
  return { ...fault, message: others.join(" "), fields: Object.fromEntries(shown) };
}

function retryTime(waitSeconds: number): string {
  if (!(waitSeconds > 0)) return "later";
  return waitSeconds < 120 ? `in ${formatCounted(waitSeconds, "second")}` : `in ${Math.ceil(waitSeconds / 60)} minutes`;
}

const SignedOut = z.object({ ok: z.literal(true), url: z.string().nullable() });
const SIGNED_OUT = "/login?why=signed-out";

/** Ends the session. `address` is the page to open next: the identity provider's, if the user signs out there too. */
export async function signOutCall(): Promise<{ fault: AuthFault } | { address: string }> {
  const result = await postJson("/api/auth/sign-out");
  if ("fault" in result) {
    // There was no session to end.
    return result.fault.code === "unauthenticated" ? { address: SIGNED_OUT } : result;
  }
  const answer = SignedOut.safeParse(result.body).data;
  if (!answer) {
    return {
      fault: { message: "The answer is not from this product. Try again in a moment.", code: null, fields: {} },
    };
  }
  return { address: answer.url ?? SIGNED_OUT };
}

/** The answer of the sign-in and of the calls that complete it. */
const Answer = z.object({
  /** The password was right, but the second factor is missing. */
  second_factor: z.boolean().default(false),
  /** The user is signed in, but must set up a second factor before anything else. */
  must_enrol: z.boolean().default(false),
  user: z.object({ email: z.string() }).optional(),
});
export type AuthAnswer = z.infer<typeof Answer>;

/** Posts to `/api/auth/…`, which sets cookies. */
export async function authCall(path: string, body?: unknown): Promise<{ fault: AuthFault } | { answer: AuthAnswer }> {
  const result = await postJson(path, body);
  return "fault" in result ? result : { answer: Answer.parse(result.body ?? {}) };
}

/** Posts JSON, and returns the body of the answer. Counts as a change: the server may replace the session. */
export async function postJson(path: string, body?: unknown): Promise<{ fault: AuthFault } | { body: unknown }> {
  const end = CHANGES.begin();
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return { body: answer };
    const retryAfter = response.headers.get("retry-after");
    return { fault: authFaultOf({ status: response.status, body: answer, retryAfter }) };
  } catch {
    return {
      fault: { message: "The server did not answer. Check the connection and try again.", code: null, fields: {} },
    };
  } finally {
    end();
  }
}
