/** What a caller may do, as the kind of object and the action. */
export const RIGHTS = [
  "schedules:read",
  "schedules:create",
  "schedules:edit",
  "schedules:delete",
  "schedules:toggle",
  "schedules:run",
  "executions:read",
  "executions:replay",
  "dead_letters:decide",
  "payloads:read",
  "audit:read",
  "settings:edit",
  "users:edit",
  "keys:edit",
  "system:operate",
] as const;
export type Right = (typeof RIGHTS)[number];

/**
 * The built-in roles. An operator keeps the system and existing schedules running; an editor makes and changes
 * schedules.
 */
export const ROLES = ["viewer", "operator", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

const VIEWER = ["schedules:read", "executions:read", "audit:read"] as const satisfies readonly Right[];
const RUNNING = [
  "schedules:toggle",
  "schedules:run",
  "executions:replay",
  "dead_letters:decide",
] as const satisfies readonly Right[];

export const RIGHTS_OF_ROLE: Readonly<Record<Role, readonly Right[]>> = {
  viewer: VIEWER,
  operator: [...VIEWER, ...RUNNING, "system:operate"],
  editor: [...VIEWER, ...RUNNING, "schedules:create", "schedules:edit", "schedules:delete"],
  admin: RIGHTS,
};

/** Whether the role is built in. Other names belong to custom roles. */
export function isBuiltIn(role: string): role is Role {
  return (ROLES as readonly string[]).includes(role);
}

/** Whether the objects of a right have a topic. A caller with a scope holds only such rights. */
const HAS_TOPIC: Readonly<Record<Right, boolean>> = {
  "schedules:read": true,
  "schedules:create": true,
  "schedules:edit": true,
  "schedules:delete": true,
  "schedules:toggle": true,
  "schedules:run": true,
  "executions:read": true,
  "executions:replay": true,
  "payloads:read": true,
  "dead_letters:decide": true,
  "audit:read": false,
  "settings:edit": false,
  "users:edit": false,
  "keys:edit": false,
  "system:operate": false,
};

/** Whether a caller with a scope may hold the right. */
export const fitsScope = (right: Right): boolean => HAS_TOPIC[right];

/** The right that each action on schedules needs, whether on one or on many. */
export const RIGHT_OF_ACTION = {
  create: "schedules:create",
  edit: "schedules:edit",
  retag: "schedules:edit",
  spread: "schedules:edit",
  delete: "schedules:delete",
  pause: "schedules:toggle",
  resume: "schedules:toggle",
  execute: "schedules:run",
} as const satisfies Record<string, Right>;

/** Whether the right allows only reading. */
export function isReading(right: Right): boolean {
  return right.endsWith(":read");
}

/** The levels that API keys had before there were single rights. A request may still name them. */
export const LEVELS = ["read", "write", "admin"] as const;
export type Level = (typeof LEVELS)[number];
const ROLE_OF_LEVEL: Record<Level, Role> = { read: "viewer", write: "editor", admin: "admin" };

/** The single rights of rights and levels, each once, in the order of `RIGHTS`. */
export function singleRights(given: readonly (Right | Level)[]): Right[] {
  const named = new Set<Right>(
    given.flatMap((one) => (one in ROLE_OF_LEVEL ? RIGHTS_OF_ROLE[ROLE_OF_LEVEL[one as Level]] : [one as Right])),
  );
  return RIGHTS.filter((right) => named.has(right));
}

/** The highest level whose rights are all held, for stores that an earlier release may read again. */
export function formerLevels(held: readonly Right[]): Level[] {
  const level = [...LEVELS].reverse().find((one) => singleRights([one]).every((right) => held.includes(right)));
  return level === undefined ? [] : [level];
}
