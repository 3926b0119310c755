import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { recordRefusal } from "~/server/services/refusals";
import type { NewCookie } from "./identity/new-cookies";
import { finishOidc, type OidcRefusal, startOidc } from "./identity/oidc-sign-in";
import { type Browser, type SignedIn, signedIn } from "./sign-in";

/** The name of the provider on the sign-in page; null if none is configured. */
export function providerName({ deps }: Pick<Ctx, "deps">): string | null {
  return deps.env.oidc?.name ?? null;
}

/** Begins a sign-in by the identity provider. `nextPath`: the page to open afterwards. */
export function startProviderSignIn(call: { ctx: Ctx; nextPath: string }) {
  return startOidc(call.ctx.deps, { nextPath: call.nextPath });
}

/** Why a sign-in is refused, in the audit trail. */
const REASONS: Record<OidcRefusal, string> = {
  no_role: "None of the user's groups at the identity provider has a role that exists.",
  unverified: "The identity provider has not confirmed the user's e-mail address.",
  not_linked: "The e-mail address has an account, and the identity provider has not confirmed the address.",
  failed:
    "This browser did not begin the sign-in or took too long, the identity provider did not sign the user in, its answer was not valid, or the account is disabled.",
};

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
    const error = new AppError("unauthenticated", REASONS[result.reason]);
    recordRefusal({ ...ctx, principal: null }, { call: "auth.provider", changes: true, error });
    return { refusal: result.reason, setCookies };
  }
  const { principal } = result.opened;
  const caller = { ...ctx, principal };
  const about = { target: `user:${principal.id}`, targetName: principal.email, note: "single sign-on" };
  if (result.isNew) await writeAudit(caller, { action: "user.create", ...about, after: { role: principal.role } });
  const opened = await signedIn({ ctx, opened: result.opened, browser, note: "single sign-on" });
  return { signedIn: opened, location: result.location, setCookies };
}
