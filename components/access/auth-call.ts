import { z } from "zod";

const Problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string(), expected: z.string().optional() })).default([]),
});

/** The errors of a refused sign-in or setup: a message for the form, and one for each invalid field. */
export interface AuthFault {
  message: string;
  fields: Readonly<Record<string, string>>;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** Reads a problem document; `retryAfter` is the header, in seconds. */
export function authFaultOf(answer: { status: number; body: unknown; retryAfter: string | null }): AuthFault {
  const problem = Problem.safeParse(answer.body).data;
  if (!problem) return { message: `The server answered ${answer.status}. Try again in a moment.`, fields: {} };
  if (problem.code === "rate_limited") {
    return { message: `Too many attempts. Try again ${retryTime(Number(answer.retryAfter))}.`, fields: {} };
  }
  const fields = Object.fromEntries(
    problem.errors.map(({ field, message, expected }) => [
      field,
      sentence(expected ? `${message}; expected ${expected}` : message),
    ]),
  );
  return { message: sentence(problem.detail ?? problem.title ?? "The request was refused"), fields };
}

function retryTime(waitSeconds: number): string {
  if (!(waitSeconds > 0)) return "later";
  return waitSeconds < 120 ? `in ${waitSeconds} seconds` : `in ${Math.ceil(waitSeconds / 60)} minutes`;
}

const SignedOut = z.object({ url: z.string().nullable() });

/** Ends the session. Returns the address to open next: the identity provider's, if it signs out too. */
export async function signOutCall(): Promise<string> {
  const answer: unknown = await fetch("/api/auth/sign-out", { method: "POST" }).then(
    (response) => response.json(),
    () => null,
  );
  return SignedOut.safeParse(answer).data?.url ?? "/login?why=signed-out";
}

/** Posts to `/api/auth/…`, which sets cookies. Returns null on success. */
export async function authCall(path: string, body?: unknown): Promise<AuthFault | null> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (response.ok) return null;
    const answer: unknown = await response.json().catch(() => null);
    return authFaultOf({ status: response.status, body: answer, retryAfter: response.headers.get("retry-after") });
  } catch {
    return { message: "The server did not answer. Check that it is running.", fields: {} };
  }
}
