import { Lock } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";
import type { Right } from "~/server/domain/rights";

/** Shown instead of a page to users without its right. `pageTitle` is a plural, such as "Users". */
export function RightNeeded({ pageTitle, right }: { pageTitle: string; right: Right }) {
  return (
    <EmptyState icon={<Lock />} title={`${pageTitle} need the right ${right}`}>
      Ask an admin to give you a role with this right.
    </EmptyState>
  );
}
