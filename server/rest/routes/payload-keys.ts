import { EncryptAgainInput, encryptAgain, getPayloadKeys } from "~/server/services/payload-keys";
import { methods, NoInput, restRoute } from "../handler";

/** `/admin/system/payload-keys`: the keys that encrypt payloads. POST encrypts or decrypts pending schedules. */
export const payloadKeys = methods({
  GET: restRoute({
    right: "schedules:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await getPayloadKeys({ ctx }) }),
  }),
  POST: restRoute({
    right: "system:operate",
    takesLong: true,
    input: EncryptAgainInput,
    run: async (call) => ({ body: await encryptAgain(call) }),
  }),
});
