import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import type { ScopeDraft } from "./scope-draft";

const CHOICES = [
  { value: "all", label: "All topics" },
  { value: "some", label: "Some topics" },
] as const;

/** The topics that a role or an API key may see. */
export function ScopeChoice({
  value,
  onChange,
  errors,
}: {
  value: ScopeDraft;
  onChange: (scope: ScopeDraft) => void;
  errors: ReadonlyMap<string, string>;
}) {
  const trpc = useTRPC();
  const namespaces = useQuery(trpc.access.namespaces.queryOptions(undefined, { enabled: value.isOn }));
  const toggle = (name: string) => (on: boolean) =>
    onChange({ ...value, namespaces: [...value.namespaces.filter((one) => one !== name), ...(on ? [name] : [])] });
  return (
    <>
      <Field label="Scope" description="The topics to which the rights apply." error={errors.get("scope")}>
        <Select
          value={value.isOn ? "some" : "all"}
          onValueChange={(choice) => onChange({ ...value, isOn: choice === "some" })}
          options={CHOICES}
        />
      </Field>
      {value.isOn ? (
        <>
          {namespaces.data?.items.length ? (
            <fieldset className="grid gap-1.5 sm:grid-cols-2">
              <legend className="mb-1.5 font-medium text-ink text-sm">Namespaces</legend>
              {namespaces.data.items.map(({ name, topicPrefixes }) => (
                <Field key={name} layout="control" label={name} description={topicPrefixes.join(", ")}>
                  <Checkbox checked={value.namespaces.includes(name)} onCheckedChange={toggle(name)} />
                </Field>
              ))}
            </fieldset>
          ) : null}
          <Field label="Topic prefixes" description="Beginnings of topic names, compared literally.">
            <Input
              value={value.prefixes}
              onValueChange={(prefixes) => onChange({ ...value, prefixes })}
              placeholder="billing. invoices."
              autoComplete="off"
              className="font-mono"
            />
          </Field>
        </>
      ) : null}
    </>
  );
}
