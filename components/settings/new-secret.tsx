import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { Dialog } from "~/components/ui/dialog";

/** Shows the secret of a new API key, once. */
export function NewSecret({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`API key ${name}`}
      description="Copy the key now. It is not shown again."
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <CodeBlock label="API key" code={secret} wrap />
    </Dialog>
  );
}
