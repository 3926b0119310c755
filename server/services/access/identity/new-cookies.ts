/** A cookie to set. Its value is percent-encoded. */
export interface NewCookie {
  name: string;
  value: string;
  maxAgeSeconds: number;
}

export function cookiesIn(headers: Headers): NewCookie[] {
  return headers.getSetCookie().map((cookie) => {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    return { name, value, maxAgeSeconds: Number(/max-age=(\d+)/i.exec(cookie)?.[1] ?? 0) };
  });
}
