import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();
const base64url = (data: Uint8Array | string) => Buffer.from(data).toString("base64url");

/** Bits of the flags: the user was present, the user was verified, a new credential follows. */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const CREDENTIAL = 0x40;

/** A passkey in software, for tests without a browser. */
interface Authenticator {
  /** Whether the passkey asks for a PIN or a fingerprint. */
  verifiesUser: boolean;
  /** What `navigator.credentials.create` returns, as JSON. */
  create(options: string, origin: string): string;
  /** What `navigator.credentials.get` returns, as JSON. */
  get(options: string, origin: string): string;
}

export function createAuthenticator({ verifiesUser = true } = {}): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  let counter = 0;

  function authenticatorData(rpId: string, more: Uint8Array | null): Buffer {
    counter += 1;
    const flags = PRESENT | (authenticator.verifiesUser ? VERIFIED : 0) | (more ? CREDENTIAL : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, more ?? Buffer.alloc(0)]);
  }
  const clientData = (type: string, challenge: string, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const answer = (response: object) =>
    JSON.stringify({
      ...{ id: base64url(id), rawId: base64url(id), type: "public-key", clientExtensionResults: {}, response },
    });

  const authenticator: Authenticator = {
    verifiesUser,
    create(options, origin) {
      const { challenge, rp } = JSON.parse(options) as { challenge: string; rp: { id: string } };
      // COSE: an EC key (1: 2) of ES256 (3: -7) on P-256 (-1: 1) with its coordinates.
      const key = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, "base64url"))],
        [-3, new Uint8Array(Buffer.from(y, "base64url"))],
      ]);
      const length = Buffer.from([0, id.length]);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key)]);
      const authData = new Uint8Array(authenticatorData(rp.id, credential));
      const attestation = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData],
      ]);
      return answer({
        clientDataJSON: base64url(clientData("webauthn.create", challenge, origin)),
        attestationObject: base64url(isoCBOR.encode(attestation as never)),
        transports: ["internal"],
      });
    },
    get(options, origin) {
      const { challenge, rpId } = JSON.parse(options) as { challenge: string; rpId: string };
      const data = authenticatorData(rpId, null);
      const client = clientData("webauthn.get", challenge, origin);
      const signature = createSign("sha256")
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      return answer({
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      });
    },
  };
  return authenticator;
}
