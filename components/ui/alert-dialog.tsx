"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { backdropClasses, dialogClasses } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";
import { OpenDialog } from "./open-dialogs";
import { ReturnFocus } from "./return-focus";

export interface AlertDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  tone?: "danger" | "neutral";
  /** Must be typed before the confirm button works: for actions that cannot be undone or affect many items. */
  confirmText?: string;
  /** The caller closes the dialog when the work is done. */
  onConfirm: () => void;
  loading?: boolean;
  /** An `ActionError`. */
  error?: ReactNode;
  /** More inputs, such as a note. */
  children?: ReactNode;
}

/** Confirms an action. The focus starts on the first input, or on Cancel; the backdrop does not close the dialog. */
export function AlertDialog(props: AlertDialogProps) {
  return (
    <Base.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        {/* Without a trigger, Base UI would return the focus to the trigger of an earlier dialog. */}
        <Base.Popup finalFocus={false} className={cn(dialogClasses, "max-w-md")}>
          <ReturnFocus />
          <OpenDialog />
          <AlertBody {...props} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

// A component of its own, so that its input is cleared when the dialog closes.
function AlertBody({
  title,
  description,
  confirmLabel,
  cancelLabel = "Cancel",
  tone = "danger",
  confirmText,
  onConfirm,
  loading,
  error,
  children,
}: AlertDialogProps) {
  const [typed, setTyped] = useState("");
  // A second press may come before the first press is rendered.
  const pressed = useRef(false);
  useEffect(() => {
    pressed.current = false;
  });
  const isUnlocked = !confirmText || typed.trim() === confirmText;
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isUnlocked || loading || pressed.current) return;
        pressed.current = true;
        onConfirm();
      }}
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-5">
        <div>
          <Base.Title className="font-semibold text-lg">{title}</Base.Title>
          <Base.Description render={<div />} className="mt-1 text-muted text-sm">
            {description}
          </Base.Description>
        </div>
        {children}
        {confirmText ? (
          <Field
            required
            label={
              <span>
                Type <code className="rounded bg-sunken px-1 py-0.5 font-mono">{confirmText}</code> to confirm
              </span>
            }
          >
            <Input
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        ) : null}
        {error}
      </div>
      <footer className="flex justify-end gap-2 border-t px-5 py-3">
        <Base.Close render={<Button>{cancelLabel}</Button>} />
        <Button
          type="submit"
          variant={tone === "danger" ? "danger" : "primary"}
          disabled={!isUnlocked}
          loading={loading}
        >
          {confirmLabel}
        </Button>
      </footer>
    </form>
  );
}
