import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Creates a self-signed certificate for localhost and 127.0.0.1. */
export async function makeCertificate(dir: string, name: string): Promise<{ keyFile: string; certFile: string }> {
  const [keyFile, certFile] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  await promisify(execFile)("openssl", ["req", "-x509", ...curve, "-days", "2", "-out", certFile, ...subject]);
  return { keyFile, certFile };
}
