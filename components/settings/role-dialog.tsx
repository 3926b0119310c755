import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { RIGHTS_OF_ROLE, type Right } from "~/server/domain/rights";
import { CreateDialog } from "./create-dialog";
import { RightsChoice } from "./rights-choice";
import { ScopeChoice } from "./scope-choice";
import { rightsWithin, scopeDraft, scopeOf } from "./scope-draft";

type Role = RouterOutputs["access"]["roles"]["items"][number];

/** Creates a custom role (`role` is null), or changes one. The name cannot be changed. */
export function RoleDialog({
  role,
  onClose,
  onSaved,
}: {
  role: Role | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const [rights, setRights] = useState<readonly Right[]>(role?.rights ?? RIGHTS_OF_ROLE.viewer);
  const [scope, setScope] = useState(scopeDraft(role?.scope ?? null));
  const save = useMutation(
    trpc.access.saveRole.mutationOptions({
      onSuccess: () => {
        onSaved();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(save.error);
  return (
    <CreateDialog
      title={role === null ? "New role" : `Edit ${role.name}`}
      submitLabel={role === null ? "Create role" : "Save role"}
      mutation={save}
      fields={[...(role === null ? ["name"] : []), "description", "scope", "rights"]}
      onSubmit={(text) =>
        save.mutate({
          name: role?.name ?? text("name"),
          description: text("description"),
          rights: rightsWithin(scope, rights),
          scope: scopeOf(scope),
          isNew: role === null,
        })
      }
      onClose={onClose}
    >
      {role === null ? (
        <Field
          label="Name"
          required
          description="Lower-case letters and digits, with - and _ in between."
          error={errors.get("name")}
        >
          <Input name="name" placeholder="billing-editor" autoComplete="off" />
        </Field>
      ) : null}
      <Field label="Description" error={errors.get("description")}>
        <Input name="description" defaultValue={role?.description} autoComplete="off" />
      </Field>
      <ScopeChoice value={scope} onChange={setScope} errors={errors} />
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-ink text-sm">Rights</span>
        <RightsChoice value={rights} onChange={setRights} isScoped={scope.isOn} />
        {errors.get("rights") ? <span className="text-danger-ink text-xs">{errors.get("rights")}</span> : null}
      </div>
    </CreateDialog>
  );
}
