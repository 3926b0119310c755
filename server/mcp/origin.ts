import { AppError } from "~/server/domain/errors";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses requests of web pages from elsewhere. Only browsers send `Origin`. A name of a foreign site may resolve to
 * this server (DNS rebinding), and then `Host` names that site too. So the origin must be that of `PUBLIC_URL` or,
 * without it, the loopback address that the request was sent to.
 * @throws AppError `forbidden`
 */
export function requireOwnPage(headers: Headers, publicUrl: string | null): void {
  const origin = headers.get("origin");
  if (origin === null) return;
  const sent = URL.canParse(origin) ? new URL(origin) : null;
  const isOwn =
    publicUrl === null
      ? sent !== null && LOOPBACK.test(sent.hostname) && sent.host === headers.get("host")
      : sent !== null && sent.origin === new URL(publicUrl).origin;
  if (isOwn) return;
  throw new AppError("forbidden", "This request came from a web page of another site. Programs send no Origin.", {
    details: { required: "no Origin header, or the origin of PUBLIC_URL" },
  });
}
