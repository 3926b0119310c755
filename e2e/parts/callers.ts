import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { type Answered, cookiesOf, type RawHttp } from "./raw-http";

export const JSON_HEADERS = { "content-type": "application/json" };
/** The stack's API key, which has every right. */
export const bearer = () => ({ authorization: `Bearer ${process.env.E2E_API_KEY}` });

export interface Person {
  email: string;
  password: string;
}

async function asAdmin<T>(http: RawHttp, procedure: string, input: unknown): Promise<T> {
  const { status, text } = await http.send({
    method: "POST",
    path: `/api/trpc/${procedure}`,
    headers: { ...bearer(), ...JSON_HEADERS },
    body: JSON.stringify(input),
  });
  expect(status, text).toBe(200);
  return JSON.parse(text).result.data as T;
}

export async function newPerson(http: RawHttp, role = "admin"): Promise<Person> {
  const person = { email: `${randomUUID()}@example.org`, password: "correct-horse-battery" };
  await asAdmin(http, "access.createUser", { ...person, name: "Some Body", role });
  return person;
}

export const newKey = (http: RawHttp, rights: string[]) =>
  asAdmin<{ secret: string; keyId: string }>(http, "access.createApiKey", { name: `key ${randomUUID()}`, rights });

export const revokeKey = (http: RawHttp, keyId: string) => asAdmin(http, "access.revokeApiKey", { keyId });

/**
 * Signs in. `address` is the browser's address, sent in `X-Forwarded-For`; `from` is the address of the connection.
 */
export function signIn(
  http: RawHttp,
  person: Person,
  more: { address?: string; headers?: Record<string, string>; from?: string } = {},
): Promise<Answered> {
  const { address, headers, from } = more;
  return http.send({
    method: "POST",
    path: "/api/auth/sign-in",
    headers: {
      ...JSON_HEADERS,
      origin: http.address,
      ...(address === undefined ? {} : { "x-forwarded-for": address }),
      ...headers,
    },
    body: JSON.stringify(person),
    from,
  });
}

/** Creates a person and signs in. `cookie` is the `Cookie` header of the session. */
export async function newSession(http: RawHttp): Promise<{ person: Person; cookie: string }> {
  const person = await newPerson(http);
  const answer = await signIn(http, person);
  expect(answer.status, answer.text).toBe(200);
  return { person, cookie: cookiesOf(answer) };
}

/** The e-mail address of the caller with these headers; null if nobody is signed in. */
export async function whoIs(http: RawHttp, headers: Record<string, string>): Promise<string | null> {
  const { text } = await http.send({ path: "/api/trpc/access.me", headers });
  return (JSON.parse(text).result.data as { email: string } | null)?.email ?? null;
}
