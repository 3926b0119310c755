import { Lock } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";
import type { Right } from "~/server/domain/rights";

/** Shown instead of a page to users without its right. `things` is a plural, such as "users". */
export function RightNeeded({ things, right }: { things: string; right: Right }) {
  return (
    <EmptyState icon={<Lock />} title={`You need the right ${right} to manage ${things}`}>
      Ask an admin to give you a role with this right.
    </EmptyState>
  );
}
