import { Callout } from "~/components/ui/callout";

/** Says that a create found this schedule instead of creating it. */
export function ExistedBanner() {
  return (
    <Callout className="mb-5" title="The schedule already exists">
      The same request had already created it, so no second schedule was created.
    </Callout>
  );
}
