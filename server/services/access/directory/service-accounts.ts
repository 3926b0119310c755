import { fieldError } from "~/server/domain/errors";
import { singleRights } from "~/server/domain/rights";
import type { Ctx } from "~/server/services/ctx";
import { type ApiKey, getEntry, listEntries, listKeys } from "../documents";
import { isExpired } from "../find-key";
import type { DirectoryEntry, SaveServiceAccountInput } from "../inputs";
import { requireHeldRights, requireRight } from "../require-right";
import { deleteEntry, saveEntry } from "./entries";
import type { ServiceAccount } from "./schemas";

export interface ServiceAccountView {
  name: string;
  description: string;
  disabled: boolean;
  /** The number of valid API keys that the account owns. */
  keys: number;
  updatedAt: string;
  updatedBy: string;
}

export const ownedByService = (name: string): string => `service:${name}`;

function viewOf(account: ServiceAccount, keys: number): ServiceAccountView {
  const { id, description, disabled, updatedAt, updatedBy } = account;
  return { name: id, description, disabled, keys, updatedAt: new Date(updatedAt).toISOString(), updatedBy };
}

const isValidKeyOf = (name: string, now: number) => (key: ApiKey) =>
  key.owner === ownedByService(name) && !isExpired(key, now);

async function validKeysOf({ deps }: Ctx, name: string) {
  return (await listKeys(deps)).filter(isValidKeyOf(name, deps.clock.now()));
}

/** Returns the service accounts, oldest first. */
export async function listServiceAccounts({ ctx }: { ctx: Ctx }): Promise<{ items: ServiceAccountView[] }> {
  requireRight(ctx, "keys:edit");
  const [accounts, keys] = await Promise.all([listEntries(ctx.deps, "service"), listKeys(ctx.deps)]);
  const now = ctx.deps.clock.now();
  const countOf = ({ id }: ServiceAccount) => keys.filter(isValidKeyOf(id, now)).length;
  return { items: accounts.map((account) => viewOf(account, countOf(account))) };
}

/**
 * Creates or changes a service account. The keys of a disabled account are refused within a second.
 * @throws AppError `forbidden` if the caller enables an account whose keys have rights that the caller lacks; the
 * errors of `saveEntry`
 */
export async function saveServiceAccount(call: {
  ctx: Ctx;
  input: SaveServiceAccountInput;
}): Promise<ServiceAccountView> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "keys:edit");
  const { name, isNew, ...content } = input;
  let keys: ApiKey[] = [];
  const saved = await saveEntry({
    ...{ ctx, kind: "service", name, isNew, content },
    async check(current) {
      keys = await validKeysOf(ctx, name);
      if (!current?.disabled || content.disabled) return;
      requireHeldRights(principal, singleRights(keys.flatMap(({ rights }) => rights)));
    },
  });
  return viewOf(saved, keys.length);
}

/** Deletes a service account that owns no valid keys. Throws the errors of `deleteEntry`. */
export async function deleteServiceAccount(call: { ctx: Ctx; input: DirectoryEntry }): Promise<DirectoryEntry> {
  const { ctx, input } = call;
  requireRight(ctx, "keys:edit");
  return deleteEntry({
    ...{ ctx, kind: "service", name: input.name },
    usersOf: async () => (await validKeysOf(ctx, input.name)).map(({ name }) => `the API key ${name}`),
  });
}

/** Throws `validation_failed` for the name of a service account that does not exist. */
export async function requireServiceAccount(ctx: Ctx, name: string): Promise<void> {
  if (await getEntry(ctx.deps, "service", name)) return;
  throw fieldError("validation_failed", { field: "service_account", message: `${name} is not a service account` });
}
