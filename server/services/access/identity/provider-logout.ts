import { withTimeout } from "~/server/timing/request-timeout";
import { getUser } from "../documents";
import { withOidcAuth } from "./auth";
import type { AuthDeps } from "./auth-call";
import { PROVIDER_ID } from "./provider-profile";
import { rowsOf } from "./rows";

/** Time limit for finding the address, ms. The user is already signed out. */
const LOGOUT_MS = 2000;

/**
 * Returns the address at which the identity provider ends its own session; null if there is none, or it is not found in
 * time.
 */
export async function providerLogoutUrl(deps: AuthDeps, userId: string): Promise<string | null> {
  if (!deps.env.oidc) return null;
  const user = await getUser(deps, userId);
  const link = user && rowsOf(user, "account").find((row) => row.providerId === PROVIDER_ID);
  if (!link) return null;
  const finding = withOidcAuth({ deps }, async (auth, { publicUrl }) => {
    const provider = (await auth.$context).socialProviders.find(({ id }) => id === PROVIDER_ID);
    const idToken = typeof link.idToken === "string" ? link.idToken : undefined;
    return provider?.createEndSessionURL?.({ idToken, postLogoutRedirectURI: `${publicUrl}/login` });
  });
  const found = await withTimeout(finding, { timeoutMs: LOGOUT_MS }).catch(() => null);
  return found?.result?.toString() ?? null;
}
