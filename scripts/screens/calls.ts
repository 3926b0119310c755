import type { APIRequestContext } from "@playwright/test";
import type { Stack } from "./stack";

/** The accounts that the pictures show. */
export const ADMIN = { email: "ana@example.org", name: "Ana Admin", password: "correct-horse-battery" };
export const VIEWER = { email: "vera@example.org", name: "Vera Viewer", password: "correct-horse-viewer" };

/** Calls the REST API with the stack's key. Throws if the answer is an error. */
export async function rest(stack: Stack, method: string, path: string, body?: unknown) {
  const response = await fetch(`${stack.address}${path}`, {
    method,
    headers: { authorization: `Bearer ${stack.apiKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** Sends a POST with the session of a browser. Throws if the answer is an error. */
export async function post(request: APIRequestContext, stack: Stack, path: string, data: unknown): Promise<void> {
  const response = await request.post(`${stack.address}${path}`, { headers: { origin: stack.address }, data });
  if (!response.ok()) throw new Error(`POST ${path} was answered with ${response.status()}: ${await response.text()}`);
}
