import { Lock } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";

/** Shown to other users instead of a page for admins. `pageTitle` is a plural, such as "Users". */
export function AdminsOnly({ pageTitle }: { pageTitle: string }) {
  return (
    <EmptyState icon={<Lock />} title={`${pageTitle} are for admins only`}>
      Ask an admin to give your account the admin role.
    </EmptyState>
  );
}
