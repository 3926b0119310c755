"use client";

import { useMutation } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { AuthForm } from "~/components/access/auth-form";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { PasswordStep } from "./password-step";
import { QrCode } from "./qr-code";
import { RecoveryCodes } from "./recovery-codes";

type Started = RouterOutputs["access"]["startSecondFactor"];

/** Sets up an authenticator app: the password, the QR code and the first code, then the recovery codes. */
export function SecondFactorSetup({
  passwordRef,
  onConfirmed,
  onDone,
}: {
  passwordRef?: RefObject<HTMLInputElement | null>;
  /** Called when the second factor is on, before the user has read the recovery codes. */
  onConfirmed?: () => void;
  onDone: () => void;
}) {
  const trpc = useTRPC();
  const start = useMutation(trpc.access.startSecondFactor.mutationOptions());
  const [isConfirmed, setConfirmed] = useState(false);
  if (start.data && isConfirmed) {
    return (
      <div className="flex flex-col gap-4">
        <RecoveryCodes codes={start.data.recoveryCodes} />
        <Button variant="primary" onClick={onDone} className="self-end">
          I have kept the codes
        </Button>
      </div>
    );
  }
  if (start.data) {
    const confirmed = () => {
      setConfirmed(true);
      onConfirmed?.();
    };
    return <ScanStep started={start.data} onConfirmed={confirmed} />;
  }
  return (
    <PasswordStep
      mutation={start}
      submitLabel="Continue"
      passwordRef={passwordRef}
      onSubmit={(password) => start.mutate({ password })}
    />
  );
}

function ScanStep({ started, onConfirmed }: { started: Started; onConfirmed: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">Scan the code with your authenticator app, or enter the key in the app.</p>
      <div className="flex flex-col items-center gap-3">
        <QrCode text={started.uri} label="QR code for the authenticator app" />
        <CodeBlock label="Key" code={started.secret.match(/.{1,4}/g)?.join(" ") ?? ""} wrap className="w-full" />
      </div>
      <AuthForm
        path="/api/auth/second-factor/confirm"
        submitLabel="Turn on"
        check={({ code }): Record<string, string> => (code ? {} : { code: "Enter the code that the app shows." })}
        onSuccess={onConfirmed}
      >
        {(errors) => (
          <Field label="Code" description="The six digits that the app shows now." error={errors.code}>
            <Input name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus />
          </Field>
        )}
      </AuthForm>
    </div>
  );
}
