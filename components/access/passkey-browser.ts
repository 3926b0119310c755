import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

/* Loaded on first use. Both ask the browser, which shows its own dialog. */

const json = (text: string) => JSON.parse(text) as never;

/** Creates a passkey. `options` and the result are JSON text. */
export async function createPasskey(options: string): Promise<string> {
  return JSON.stringify(await startRegistration({ optionsJSON: json(options) }));
}

/** Lets the user choose a passkey. `options` and the result are JSON text. */
export async function choosePasskey(options: string): Promise<string> {
  return JSON.stringify(await startAuthentication({ optionsJSON: json(options) }));
}
