import { readFileSync } from "node:fs";
import { EnvError } from "./env";

/** PEM texts for one TLS connection. */
export interface Certificates {
  ca?: string;
  cert?: string;
  key?: string;
}

/**
 * Reads the PEM files of `<prefix>_CA_FILE`, `<prefix>_CERT_FILE` and `<prefix>_KEY_FILE`. Throws `EnvError` with the
 * variable of each unreadable file.
 */
export function readCertificates(
  prefix: string,
  files: Readonly<Partial<Record<keyof Certificates, string>>>,
): Certificates {
  const faults: string[] = [];
  const read = (part: keyof Certificates): string | undefined => {
    const path = files[part];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      faults.push(`${prefix}_${part.toUpperCase()}_FILE names a file that cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  };
  const certificates = { ca: read("ca"), cert: read("cert"), key: read("key") };
  if (faults.length > 0) throw new EnvError(faults);
  return certificates;
}
