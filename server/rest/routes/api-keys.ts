import {
  ApiKeyId,
  CreateApiKeyInput,
  createApiKey,
  listApiKeys,
  RotateApiKeyInput,
  revokeApiKey,
  rotateApiKey,
} from "~/server/services/access";
import { methods, NoInput, restRoute } from "../handler";

/** `/admin/api-keys`. Only the answer to a create or a rotation has the secret. */
export const apiKeys = methods({
  GET: restRoute({
    right: "keys:edit",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await listApiKeys({ ctx }) }),
  }),
  POST: restRoute({
    right: "keys:edit",
    idempotent: true,
    input: CreateApiKeyInput,
    run: async (call) => ({ status: 201, body: await createApiKey(call) }),
  }),
});

/** `/admin/api-keys/{id}` */
export const apiKey = methods({
  DELETE: restRoute({
    right: "keys:edit",
    input: ApiKeyId,
    inputFrom: ({ params }) => ({ keyId: params.id }),
    run: async (call) => {
      await revokeApiKey(call);
      return {};
    },
  }),
});

/** `/admin/api-keys/{id}/rotate` */
export const apiKeyRotate = methods({
  POST: restRoute({
    right: "keys:edit",
    idempotent: true,
    input: RotateApiKeyInput,
    inputFrom: ({ params, body }) => ({ ...body, keyId: params.id }),
    run: async (call) => ({ status: 201, body: await rotateApiKey(call) }),
  }),
});
