"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { createContext, type ReactNode, use, useState } from "react";

const Nonce = createContext<string | undefined>(undefined);

/** The nonce that the Content Security Policy of this document accepts, for libraries that insert style elements. */
export function useNonce(): string | undefined {
  return use(Nonce);
}

export function NonceProvider({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  // A refresh renders with another request's nonce, but the policy of the document does not change.
  const [first] = useState(nonce);
  return (
    <Nonce value={first}>
      <CSPProvider nonce={first}>{children}</CSPProvider>
    </Nonce>
  );
}
