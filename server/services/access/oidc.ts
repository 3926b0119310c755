import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { rememberDevice } from "./devices";
import { finishOidc, type NewCookie, type OidcRefusal, startOidc } from "./identity/oidc-sign-in";
import type { Browser, SignedIn } from "./sign-in";

/** The name of the provider on the sign-in page; null if none is configured. */
export function providerName({ deps }: Pick<Ctx, "deps">): string | null {
  return deps.env.oidc?.name ?? null;
}

/** Begins a sign-in by the identity provider. `nextPath`: the page to open afterwards. */
export function startProviderSignIn(call: { ctx: Ctx; nextPath: string }) {
  return startOidc(call.ctx.deps, { nextPath: call.nextPath });
}

export type ProviderSignIn =
  | { signedIn: SignedIn; location: string; setCookies: NewCookie[] }
  | { refusal: OidcRefusal; setCookies: NewCookie[] };

/**
 * Completes a sign-in by the identity provider, with the query of the address to which the provider sent the browser.
 */
export async function finishProviderSignIn(call: {
  ctx: Ctx;
  query: Record<string, string>;
  state: string | null;
  browser: Browser;
}): Promise<ProviderSignIn> {
  const { ctx, query, state, browser } = call;
  const result = await finishOidc(ctx.deps, { query, state, browser });
  const { setCookies } = result;
  if (result.kind === "refused") {
    ctx.deps.log.warn({ requestId: ctx.requestId, ip: browser.ip, reason: result.reason }, "single sign-on refused");
    return { refusal: result.reason, setCookies };
  }
  const { principal } = result.opened;
  const caller = { ...ctx, principal };
  const about = { target: `user:${principal.id}`, targetName: principal.email, note: "single sign-on" };
  if (result.isNew) await writeAudit(caller, { action: "user.create", ...about, after: { role: principal.role } });
  await writeAudit(caller, { action: "session.open", ...about });
  const device = browser.replacesDevice ? null : browser.device;
  const deviceCookie = await rememberDevice(ctx.deps, { device, userId: principal.id });
  return { signedIn: { ...result.opened, device: deviceCookie }, location: result.location, setCookies };
}
