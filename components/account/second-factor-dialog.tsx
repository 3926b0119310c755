"use client";

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { PasswordStep } from "./password-step";
import { RecoveryCodes } from "./recovery-codes";
import { SecondFactorSetup } from "./second-factor-setup";

export type SecondFactorAct = "set-up" | "renew" | "turn-off";

export interface SecondFactorDialogProps {
  act: SecondFactorAct;
  /** Called after the server has changed the second factor. */
  onChanged: () => void;
  onClose: () => void;
}

const TEXTS: Record<SecondFactorAct, { title: string; description: string }> = {
  "set-up": {
    title: "Set up an authenticator app",
    description: "Afterwards, a sign-in with your password also needs a code of the app.",
  },
  renew: { title: "New recovery codes", description: "Your current recovery codes stop working." },
  "turn-off": {
    title: "Turn off the second factor?",
    description: "Your password alone will sign you in. The recovery codes stop working.",
  },
};

/** Changes the second factor. Every change needs the password. */
export function SecondFactorDialog({ act, onChanged, onClose }: SecondFactorDialogProps) {
  const password = useRef<HTMLInputElement>(null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} {...TEXTS[act]} initialFocus={password}>
      {act === "set-up" ? <SecondFactorSetup passwordRef={password} onConfirmed={onChanged} onDone={onClose} /> : null}
      {act === "renew" ? <Renew passwordRef={password} onChanged={onChanged} onClose={onClose} /> : null}
      {act === "turn-off" ? <TurnOff passwordRef={password} onChanged={onChanged} onClose={onClose} /> : null}
    </Dialog>
  );
}

interface StepProps extends Pick<SecondFactorDialogProps, "onChanged" | "onClose"> {
  passwordRef: React.RefObject<HTMLInputElement | null>;
}

function Renew({ passwordRef, onChanged, onClose }: StepProps) {
  const trpc = useTRPC();
  const renew = useMutation(trpc.access.newRecoveryCodes.mutationOptions({ onSuccess: onChanged }));
  if (!renew.data) {
    const submit = (password: string) => renew.mutate({ password });
    return <PasswordStep mutation={renew} submitLabel="Create codes" passwordRef={passwordRef} onSubmit={submit} />;
  }
  return (
    <div className="flex flex-col gap-4">
      <RecoveryCodes codes={renew.data.recoveryCodes} />
      <Button variant="primary" onClick={onClose} className="self-end">
        I have kept the codes
      </Button>
    </div>
  );
}

function TurnOff({ passwordRef, onChanged, onClose }: StepProps) {
  const trpc = useTRPC();
  const stop = useMutation(
    trpc.access.stopSecondFactor.mutationOptions({
      onSuccess: () => {
        onChanged();
        onClose();
      },
    }),
  );
  const submit = (password: string) => stop.mutate({ password });
  return (
    <PasswordStep mutation={stop} submitLabel="Turn off" tone="danger" passwordRef={passwordRef} onSubmit={submit} />
  );
}
