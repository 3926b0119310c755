import type { Role } from "~/server/domain/rights";

/** The options of a select for the built-in roles, with the actions that each role allows. */
export const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: "viewer", label: "Viewer: reads" },
  { value: "operator", label: "Operator: runs, pauses, operates" },
  { value: "editor", label: "Editor: creates, changes, runs" },
  { value: "admin", label: "Admin: all rights" },
];
