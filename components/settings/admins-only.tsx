import { Lock } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";

/** In place of what a caller may not see. */
export function AdminsOnly({ what }: { what: string }) {
  return (
    <EmptyState icon={<Lock />} title={`${what} are for admins`}>
      Your account may not see them. Ask an admin for the role.
    </EmptyState>
  );
}
