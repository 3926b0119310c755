import { randomBytes } from "node:crypto";
import { z } from "zod";
import { Label } from "~/server/domain/text";

/** What a client repeats with each request after the first. No process remembers it. */
export interface Session {
  /** Random, so that equal requests of two sessions differ. */
  nonce: string;
  /** The name and version that the client gave itself; null if they are not valid text. */
  client: string | null;
}

const NONCE_BYTES = 16;
const MAX_CLIENT_CHARS = 100;
const Client = Label(MAX_CLIENT_CHARS);
const Initialize = z.object({
  method: z.literal("initialize"),
  params: z.object({ clientInfo: z.object({ name: z.string(), version: z.string() }) }),
});
const SESSION_ID = /^([\w-]{22})(?:\.([\w-]{1,600}))?$/;

/** The id of the session that a message opens; null for other messages than `initialize`. */
export function newSessionId(message: unknown): string | null {
  const opening = Initialize.safeParse(message);
  if (!opening.success) return null;
  const { name, version } = opening.data.params.clientInfo;
  const client = Client.safeParse(`${name} ${version}`);
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  return client.success ? `${nonce}.${Buffer.from(client.data).toString("base64url")}` : nonce;
}

/** The session of a request; null for a request without the id of a session. */
export function sessionOf(headers: Headers): Session | null {
  const [, nonce, client] = SESSION_ID.exec(headers.get("mcp-session-id") ?? "") ?? [];
  if (nonce === undefined) return null;
  const parsed = Client.safeParse(client === undefined ? "" : Buffer.from(client, "base64url").toString());
  return { nonce, client: parsed.success ? parsed.data : null };
}
