"use client";

import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { SkeletonLines } from "~/components/ui/skeleton";
import { postJson } from "./auth-call";
import { AuthForm } from "./auth-form";
import { PasswordMeter } from "./password-strength";
import { SecondFactorStep } from "./sign-in-steps";

const Link = z.object({ kind: z.enum(["invitation", "reset"]), email: z.string(), name: z.string() });
type Link = z.infer<typeof Link>;

/** `isInvalid`: the server refused the link. `failure`: the link could not be checked, and the user may try again. */
type State = { link: Link; token: string } | { isInvalid: true } | { failure: string } | null;

/** Sets the password of a link's user, and signs in. */
export function PasswordLinkForm() {
  const [state, setState] = useState<State>(null);
  const sentToken = useRef<string | null>(null);
  const [needsCode, setNeedsCode] = useState(false);
  const [password, setPassword] = useState("");
  useEffect(() => {
    // Kept, because React runs the effect twice in development, and the address then has no token.
    sentToken.current ??= window.location.hash.slice(1);
    const token = sentToken.current;
    // The token must not stay in the browser's history.
    window.history.replaceState(null, "", window.location.pathname);
    void readLink(token).then(setState);
  }, []);

  if (state === null) return <SkeletonLines lines={4} />;
  if ("isInvalid" in state) return <InvalidLink />;
  if ("failure" in state) {
    const retry = () => {
      setState(null);
      void readLink(sentToken.current ?? "").then(setState);
    };
    return <UnreadLink failure={state.failure} onRetry={retry} />;
  }
  const open = () => window.location.assign("/");
  if (needsCode) {
    return (
      <>
        <h1 className="mb-1 font-semibold text-lg">Your new password is set</h1>
        <SecondFactorStep onSignedIn={open} onRestart={() => window.location.assign("/login")} />
      </>
    );
  }
  const { link, token } = state;
  return (
    <>
      <h1 className="mb-1 font-semibold text-lg">
        {link.kind === "invitation" ? `Welcome, ${link.name}` : "Choose a new password"}
      </h1>
      <p className="mb-5 text-muted text-sm">
        {link.kind === "invitation"
          ? "Choose a password for your account. This link works once."
          : "When you save the new password, all your other sessions end. This link works once."}
      </p>
      <AuthForm
        path="/api/auth/password-link/use"
        submitLabel={link.kind === "invitation" ? "Create password and sign in" : "Save and sign in"}
        extra={{ token }}
        check={checkPasswords}
        sends={({ password = "" }) => ({ password })}
        onSuccess={(answer) => (answer.second_factor ? setNeedsCode(true) : open())}
        onFault={(fault) => {
          if (fault.code !== "not_found") return false;
          setState({ isInvalid: true });
          return true;
        }}
      >
        {(errors) => (
          <>
            <Field label="E-mail">
              <Input type="email" autoComplete="username" value={link.email} readOnly />
            </Field>
            <Field
              label="Password"
              description="At least 8 characters; several words are best."
              error={errors.password}
            >
              <Input
                name="password"
                type="password"
                autoComplete="new-password"
                autoFocus
                onChange={(event) => setPassword(event.target.value)}
              />
            </Field>
            <PasswordMeter password={password} words={[link.email, link.name]} />
            <Field label="Confirm password" error={errors.repeated}>
              <Input name="repeated" type="password" autoComplete="new-password" />
            </Field>
          </>
        )}
      </AuthForm>
    </>
  );
}

async function readLink(token: string): Promise<State> {
  const result = await postJson("/api/auth/password-link", { token });
  if (!("fault" in result)) return { link: Link.parse(result.body), token };
  const { code, message } = result.fault;
  // An incomplete token is not valid input.
  return code === "not_found" || code === "validation_failed" ? { isInvalid: true } : { failure: message };
}

function checkPasswords({ password, repeated }: Record<string, string>): Record<string, string> {
  if (!password) return { password: "Enter a password." };
  return password === repeated ? {} : { repeated: "The passwords do not match." };
}

function UnreadLink({ failure, onRetry }: { failure: string; onRetry: () => void }) {
  return (
    <>
      <h1 className="mb-3 font-semibold text-lg">The link could not be checked</h1>
      <Callout tone="danger" className="mb-5">
        {failure}
      </Callout>
      <Button variant="primary" className="w-full justify-center" onClick={onRetry}>
        Try again
      </Button>
    </>
  );
}

/** The text is the same for every refused link, so that it does not reveal why the link was refused. */
function InvalidLink() {
  return (
    <>
      <h1 className="mb-3 font-semibold text-lg">This link does not work</h1>
      <Callout tone="danger" className="mb-5">
        It is incomplete or no longer valid: it may have expired, been withdrawn or replaced, or been used already. Ask
        an admin for a new one.
      </Callout>
      <ButtonLink href="/login" variant="primary" className="w-full justify-center">
        Go to sign-in
      </ButtonLink>
    </>
  );
}
