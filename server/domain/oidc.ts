import { ROLES, type Role } from "./rights";

/** An OpenID provider by which users sign in, and the roles that its groups give. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Null for a public client, which PKCE protects alone. */
  clientSecret: string | null;
  scopes: readonly string[];
  /** The claim that lists a user's groups. */
  groupsClaim: string;
  roleOfGroup: ReadonlyMap<string, Role>;
  /** The role of a user with none of these groups; null refuses such a user. */
  defaultRole: Role | null;
  /** The name on the sign-in page. */
  name: string;
  /** The address of this product as browsers see it, without a slash at the end. */
  publicUrl: string;
}

/** Parses `group=role` pairs, separated by commas. A group may contain `=`. Throws if a pair is not valid. */
export function parseRoleMap(text: string): Map<string, Role> {
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter(Boolean);
  return new Map(pairs.map(parsePair));
}

function parsePair(pair: string): [string, Role] {
  const at = pair.lastIndexOf("=");
  const group = pair.slice(0, Math.max(at, 0)).trim();
  const role = ROLES.find((one) => one === pair.slice(at + 1).trim());
  if (group === "" || !role) {
    throw new Error(`must be pairs such as admins=admin, with the roles ${ROLES.join(", ")}; "${pair}" is none`);
  }
  return [group, role];
}

/** The role with the most rights that a user's groups give; null if the user may not sign in. */
export function roleOfGroups(groups: readonly string[], settings: OidcSettings): Role | null {
  const given = groups.map((group) => settings.roleOfGroup.get(group));
  // `ROLES` begins with the fewest rights.
  return ROLES.findLast((role) => given.includes(role)) ?? settings.defaultRole;
}

/** The groups in a user's claims: a list of texts, or one text. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = claims[claim];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
