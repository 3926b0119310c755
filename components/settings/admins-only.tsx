import { Lock } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";

/** In place of what a caller may not see. */
export function AdminsOnly({ what }: { what: string }) {
  return (
    <EmptyState icon={<Lock />} title={`${what} are for admins only`}>
      Your account cannot see this page. Ask an admin for the admin role.
    </EmptyState>
  );
}
