import type { Role } from "~/server/domain/rights";

/** The built-in roles with what each may do, for a select. */
export const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: "viewer", label: "Viewer: reads" },
  { value: "operator", label: "Operator: runs, pauses, operates" },
  { value: "editor", label: "Editor: creates, changes, runs" },
  { value: "admin", label: "Admin: all rights" },
];
