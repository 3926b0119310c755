import { z } from "zod";
import { groupsIn, type OidcSettings, roleOfGroups } from "~/server/domain/oidc";
import { existingRole } from "../directory/look-up";
import { currentCall } from "./auth-call";

/** The id of the provider in better-auth's `account` rows, and in the address of the callback. */
export const PROVIDER_ID = "oidc";

/** Timeout of a request to the provider, ms. */
export const PROVIDER_MS = 3000;
/** How long the addresses of the provider's endpoints are kept, ms. */
const DISCOVERY_MS = 3_600_000;

const withoutSlash = (url: string) => url.replace(/\/+$/, "");

export const discoveryUrl = ({ issuer }: OidcSettings) => `${withoutSlash(issuer)}/.well-known/openid-configuration`;

const Discovery = z.looseObject({ issuer: z.string(), userinfo_endpoint: z.url() });
const Claims = z.looseObject({
  sub: z.string(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().optional(),
});
type Claims = z.infer<typeof Claims>;

/** The provider's answer about the user of an access token. */
export type ProviderAnswer =
  | { kind: "known"; claims: Claims; role: string | null }
  /** For example, the user is disabled or deleted, or the token has expired. */
  | { kind: "refused" }
  | { kind: "unreachable"; cause: unknown };

const discoveries = new WeakMap<OidcSettings, { at: number; userInfoUrl: string }>();

async function userInfoUrlOf(oidc: OidcSettings): Promise<string> {
  const known = discoveries.get(oidc);
  if (known && performance.now() - known.at < DISCOVERY_MS) return known.userInfoUrl;
  const response = await fetch(discoveryUrl(oidc), { signal: AbortSignal.timeout(PROVIDER_MS) });
  if (!response.ok) throw new Error(`The identity provider answered its discovery with ${response.status}.`);
  const found = Discovery.parse(await response.json());
  // Otherwise tokens of another issuer would be accepted (OpenID Connect Discovery 1.0, section 4.3).
  if (withoutSlash(found.issuer) !== withoutSlash(oidc.issuer)) {
    throw new Error(`OIDC_ISSUER is ${oidc.issuer}, but the metadata there has the issuer ${found.issuer}.`);
  }
  discoveries.set(oidc, { at: performance.now(), userInfoUrl: found.userinfo_endpoint });
  return found.userinfo_endpoint;
}

/** Asks the provider for the claims of an access token's user. Never throws. */
export async function askProvider(oidc: OidcSettings, accessToken: string): Promise<ProviderAnswer> {
  try {
    const response = await fetch(await userInfoUrlOf(oidc), {
      headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
      signal: AbortSignal.timeout(PROVIDER_MS),
    });
    // A 429 does not refuse the token.
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return { kind: "refused" };
    if (!response.ok) throw new Error(`The identity provider answered ${response.status}.`);
    const claims = Claims.parse(await response.json());
    return { kind: "known", claims, role: roleOfGroups(groupsIn(claims, oidc.groupsClaim), oidc) };
  } catch (cause) {
    return { kind: "unreachable", cause };
  }
}

/**
 * Throws if the provider's metadata cannot be read, or has another issuer than `OIDC_ISSUER`. Valid metadata is
 * cached for an hour.
 */
export async function requireProvider(oidc: OidcSettings): Promise<void> {
  await userInfoUrlOf(oidc);
}

/** Whether the provider answers a new request. */
export async function isProviderReachable(oidc: OidcSettings): Promise<boolean> {
  discoveries.delete(oidc);
  return userInfoUrlOf(oidc).then(
    () => true,
    () => false,
  );
}

/**
 * Returns the profile for better-auth at a sign-in; null refuses the sign-in. The running call then has the reason,
 * unless the provider refused the token or did not answer.
 */
export async function profileOf(oidc: OidcSettings, accessToken: string) {
  const call = currentCall();
  const answer = await askProvider(oidc, accessToken);
  if (answer.kind !== "known") return null;
  const { claims } = answer;
  const role = await existingRole(call.deps, answer.role);
  if (role === null) {
    call.refusal = "no_role";
    return null;
  }
  // An unconfirmed e-mail address could be that of another user. If the provider sends no claim about it, the user may
  // sign in, but better-auth links no existing account, because `emailVerified` is false.
  if (claims.email === undefined || String(claims.email_verified ?? true) !== "true") {
    call.refusal = "unverified";
    return null;
  }
  call.atProvider = { role };
  const { sub, email, name } = claims;
  return { id: sub, sub, email, emailVerified: claims.email_verified !== undefined, name: name ?? email };
}
