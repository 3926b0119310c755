import { isBuiltIn, ROLES } from "./rights";
import { DirectoryName } from "./scope";

/** An OpenID provider by which users sign in, and the roles that its groups give. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Null for a public client, which PKCE protects alone. */
  clientSecret: string | null;
  scopes: readonly string[];
  /** The claim that lists a user's groups. */
  groupsClaim: string;
  /** Built-in roles and names of custom roles, in the order of `OIDC_ROLE_MAP`. */
  roleOfGroup: ReadonlyMap<string, string>;
  /** The role of a user with none of these groups; null refuses such a user. */
  defaultRole: string | null;
  /** The name on the sign-in page. */
  name: string;
  /** The address of this product as browsers see it, without a slash at the end. */
  publicUrl: string;
}

/** Parses `group=role` pairs, separated by commas. A group may contain `=`. Throws if a pair is not valid. */
export function parseRoleMap(text: string): Map<string, string> {
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter(Boolean);
  return new Map(pairs.map(parsePair));
}

function parsePair(pair: string): [string, string] {
  const at = pair.lastIndexOf("=");
  const group = pair.slice(0, Math.max(at, 0)).trim();
  const role = DirectoryName.safeParse(pair.slice(at + 1));
  if (group === "" || !role.success) {
    throw new Error(
      `must be pairs such as admins=admin, with ${ROLES.join(", ")} or the name of a custom role; "${pair}" is none`,
    );
  }
  return [group, role.data];
}

/**
 * The role that a user's groups give; null if the user may not sign in. Of several built-in roles, the role with the
 * most rights counts. If the groups give a custom role, the first pair of `OIDC_ROLE_MAP` that names one of the groups
 * counts.
 */
export function roleOfGroups(groups: readonly string[], settings: OidcSettings): string | null {
  const given = [...settings.roleOfGroup].filter(([group]) => groups.includes(group)).map(([, role]) => role);
  if (given.some((role) => !isBuiltIn(role))) return given[0] ?? null;
  // `ROLES` begins with the fewest rights.
  return ROLES.findLast((role) => given.includes(role)) ?? settings.defaultRole;
}

/** The groups in a user's claims: a list of texts, or one text. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = claims[claim];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
