import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Select } from "~/components/ui/select";
import { CreateDialog } from "./create-dialog";
import { NewSecret } from "./new-secret";

const OVERLAPS = [
  { value: "0", label: "Not at all" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
] as const;
type Overlap = (typeof OVERLAPS)[number]["value"];

/** Replaces an API key by a new one and shows the new secret once. */
export function RotateApiKey({
  apiKey,
  onClose,
  onRotated,
}: {
  apiKey: { keyId: string; name: string };
  onClose: () => void;
  onRotated: () => void;
}) {
  const trpc = useTRPC();
  const idempotencyKey = useIdempotencyKey();
  const [overlap, setOverlap] = useState<Overlap>("86400");
  const rotate = useMutation(trpc.access.rotateApiKey.mutationOptions({ onSuccess: onRotated }));
  if (rotate.data) return <NewSecret name={rotate.data.name} secret={rotate.data.secret} onClose={onClose} />;
  return (
    <CreateDialog
      title={`Rotate ${apiKey.name}`}
      submitLabel="Create new secret"
      mutation={rotate}
      fields={["overlap_seconds"]}
      onSubmit={() => {
        const request = { keyId: apiKey.keyId, overlapSeconds: Number(overlap) };
        rotate.mutate({ ...request, idempotencyKey: requestKey(idempotencyKey, request) });
      }}
      onClose={onClose}
    >
      <p className="text-muted text-sm">
        A new key with the same name, rights, scope, owner and addresses takes the place of this key.
      </p>
      <Field
        label="The former secret stays valid for"
        description="Change your programs over in this time. An earlier expiry of the key still applies."
        error={fieldErrors(rotate.error).get("overlap_seconds")}
      >
        <Select value={overlap} onValueChange={setOverlap} options={OVERLAPS} />
      </Field>
    </CreateDialog>
  );
}
