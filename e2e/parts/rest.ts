import { type APIRequestContext, expect } from "@playwright/test";

/** A REST client that does not throw on error statuses, except in `executions`. */
export function restClient(request: APIRequestContext, key = process.env.E2E_API_KEY ?? "") {
  const headers = { authorization: `Bearer ${key}` };
  async function call(method: string, path: string, more: { data?: unknown; headers?: Record<string, string> } = {}) {
    const response = await request.fetch(path, {
      ...{ method, data: more.data, headers: { ...headers, ...more.headers } },
      // The server may close an idle connection while a request is being sent.
      maxRetries: 2,
    });
    const text = await response.text();
    return { status: response.status(), headers: response.headers(), body: text === "" ? null : JSON.parse(text) };
  }
  return {
    call,
    get: (path: string) => call("GET", path),
    post: (path: string, data?: unknown, extra?: Record<string, string>) =>
      call("POST", path, { data, headers: extra }),
    patch: (path: string, data: unknown, extra?: Record<string, string>) =>
      call("PATCH", path, { data, headers: extra }),
    delete: (path: string) => call("DELETE", path),
    /** The executions of a schedule, newest first. */
    async executions(
      id: string,
    ): Promise<{ status: string; trigger: string; scheduled_for: string; lateness_ms: number }[]> {
      const { status, body } = await call("GET", `/admin/schedules/${id}/executions?limit=500`);
      expect(status).toBe(200);
      return body.items;
    },
  };
}
