"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { type AuthAnswer, type AuthFault, authCall, faultForInputs } from "./auth-call";

/** A form of a sign-in or of its set-up. `check` returns the errors of fields before the request. */
export function AuthForm({
  path,
  submitLabel,
  check,
  extra = {},
  sends = (values) => values,
  onSuccess,
  onFault,
  children,
}: {
  path: string;
  submitLabel: string;
  check: (values: Record<string, string>) => Record<string, string>;
  /** Sent with the fields. */
  extra?: Record<string, string>;
  /** Selects the fields that are sent; by default all that are not empty. */
  sends?: (values: Record<string, string>) => Record<string, string>;
  onSuccess: (answer: AuthAnswer) => void;
  /** Called if the request fails or is refused. Returns true if the caller shows the fault itself. */
  onFault?: (fault: AuthFault) => boolean;
  children: (errors: Readonly<Record<string, string>>) => ReactNode;
}) {
  const [fault, setFault] = useState<AuthFault | null>(null);
  const [isPending, setPending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values: Record<string, string> = {};
    const data = new FormData(event.currentTarget);
    for (const [name, value] of data) {
      if (typeof value === "string" && value !== "") values[name] = value;
    }
    const fields = check(values);
    if (Object.keys(fields).length > 0) {
      setFault({ message: "", code: null, fields });
      return;
    }
    setPending(true);
    const result = await authCall(path, { ...sends(values), ...extra });
    if ("answer" in result) {
      setFault(null);
      onSuccess(result.answer);
      return;
    }
    setPending(false);
    if (!onFault?.(result.fault)) setFault(faultForInputs(result.fault, new Set(data.keys())));
  }

  const fields = fault?.fields ?? {};
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {fault?.message ? <Callout tone="danger">{fault.message}</Callout> : null}
      {children(fields)}
      <Button type="submit" variant="primary" loading={isPending} className="mt-1 h-10 w-full justify-center">
        {submitLabel}
      </Button>
    </form>
  );
}
