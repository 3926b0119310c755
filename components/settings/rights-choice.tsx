import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { fitsScope, RIGHTS, type Right } from "~/server/domain/rights";
import { RIGHT_HELP } from "./right-help";

/** Checkboxes of single rights. With a scope, rights that are not about topics cannot be chosen. */
export function RightsChoice({
  value,
  onChange,
  isScoped,
}: {
  value: readonly Right[];
  onChange: (rights: readonly Right[]) => void;
  isScoped: boolean;
}) {
  const toggle = (right: Right) => (on: boolean) =>
    onChange(RIGHTS.filter((one) => (one === right ? on : value.includes(one))));
  return (
    <fieldset className="grid gap-1.5 sm:grid-cols-2">
      <legend className="sr-only">Single rights</legend>
      {RIGHTS.map((right) => {
        const isOffered = !isScoped || fitsScope(right);
        return (
          <Field
            key={right}
            layout="control"
            label={<code className="font-mono text-xs">{right}</code>}
            description={
              isOffered ? RIGHT_HELP[right] : "Not available with a scope, because it is about the whole installation"
            }
            disabled={!isOffered}
          >
            <Checkbox
              checked={isOffered && value.includes(right)}
              disabled={!isOffered}
              onCheckedChange={toggle(right)}
            />
          </Field>
        );
      })}
    </fieldset>
  );
}
