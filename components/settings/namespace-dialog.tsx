import { useMutation } from "@tanstack/react-query";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { CreateDialog } from "./create-dialog";
import { wordsOf } from "./scope-draft";

type Namespace = RouterOutputs["access"]["namespaces"]["items"][number];

/** Creates a namespace (`namespace` is null), or changes one. */
export function NamespaceDialog({
  namespace,
  onClose,
  onSaved,
}: {
  namespace: Namespace | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const save = useMutation(
    trpc.access.saveNamespace.mutationOptions({
      onSuccess: () => {
        onSaved();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(save.error);
  return (
    <CreateDialog
      title={namespace === null ? "New namespace" : `Edit ${namespace.name}`}
      submitLabel={namespace === null ? "Create namespace" : "Save namespace"}
      mutation={save}
      fields={[...(namespace === null ? ["name"] : []), "description", "topic_prefixes"]}
      onSubmit={(text) =>
        save.mutate({
          name: namespace?.name ?? text("name"),
          description: text("description"),
          topicPrefixes: wordsOf(text("prefixes")),
          isNew: namespace === null,
        })
      }
      onClose={onClose}
    >
      {namespace === null ? (
        <Field
          label="Name"
          required
          description="Lower-case letters and digits, with - and _ in between."
          error={errors.get("name")}
        >
          <Input name="name" placeholder="billing" autoComplete="off" />
        </Field>
      ) : null}
      <Field label="Description" error={errors.get("description")}>
        <Input name="description" defaultValue={namespace?.description} autoComplete="off" />
      </Field>
      <Field
        label="Topic prefixes"
        required
        description="Beginnings of topic names, compared literally. A change applies within a second to everybody with this namespace."
        error={errors.get("topic_prefixes")}
      >
        <Input
          name="prefixes"
          defaultValue={namespace?.topicPrefixes.join(" ")}
          placeholder="billing. invoices."
          autoComplete="off"
          className="font-mono"
        />
      </Field>
    </CreateDialog>
  );
}
