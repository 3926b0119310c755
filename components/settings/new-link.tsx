import type { RouterOutputs } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { Dialog } from "~/components/ui/dialog";
import { Instant } from "~/components/ui/time";

/** Shows a new invitation or reset link. It is shown only once. */
export function NewLink({
  name,
  link,
  onClose,
}: {
  name: string;
  link: RouterOutputs["access"]["issueLink"];
  onClose: () => void;
}) {
  const isInvitation = link.kind === "invitation";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={isInvitation ? `Invitation for ${name}` : `Reset link for ${name}`}
      description="Copy the link and hand it over yourself, because no mail is sent. The link is not shown again."
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <CodeBlock label="Link" code={`${window.location.origin}/password-link#${link.token}`} wrap />
        <p className="text-muted text-sm">
          It works once, until <Instant value={link.expiresAt} />. Whoever has it can{" "}
          {isInvitation ? "use the account" : "take over the account"}, so send it only to {name}.
        </p>
      </div>
    </Dialog>
  );
}
