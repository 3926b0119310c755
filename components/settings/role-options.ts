import { toSentenceCase } from "~/components/ui/format";
import { isBuiltIn, type Role } from "~/server/domain/rights";

/** The name of a role on pages: "Admin" for `admin`. A custom role is shown as it was named. */
export const roleLabel = (role: string): string => (isBuiltIn(role) ? toSentenceCase(role) : role);

/** The options of a select for the built-in roles, with the actions that each role allows. */
export const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: "viewer", label: "Viewer: read only" },
  { value: "operator", label: "Operator: run, pause, operate" },
  { value: "editor", label: "Editor: create, change, run" },
  { value: "admin", label: "Admin: all rights" },
];

/** The options of a select for a user's role: the built-in and the custom roles. */
export function roleOptionsWith(
  own: readonly { name: string; description: string }[],
): { value: string; label: string }[] {
  const label = ({ name, description }: { name: string; description: string }) =>
    description === "" ? name : `${name}: ${description}`;
  return [...ROLE_OPTIONS, ...own.map((role) => ({ value: role.name, label: label(role) }))];
}
