import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

// Loaded on first use. The browser shows its own dialogs.

const parse = (text: string) => JSON.parse(text) as never;

/** Creates a passkey. `options` and the result are JSON text. */
export async function createPasskey(options: string): Promise<string> {
  return JSON.stringify(await startRegistration({ optionsJSON: parse(options) }));
}

/** Lets the user choose a passkey. `options` and the result are JSON text. */
export async function choosePasskey(options: string): Promise<string> {
  return JSON.stringify(await startAuthentication({ optionsJSON: parse(options) }));
}
