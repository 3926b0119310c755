import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx, Deps } from "~/server/services/ctx";
import { rememberDevice } from "./devices";
import { countUsers } from "./documents";
import { signInByPassword } from "./identity/identities";
import type { SetupInput } from "./inputs";
import { newUser } from "./new-user";
import { sameSecret } from "./secrets";
import type { Browser, SignedIn } from "./sign-in";
import { requireStrongPassword } from "./strong-password";

/** After this time another process may create the first account, ms. Longer than the creation takes. */
const CREATE_MS = 30_000;

async function hasNoAccount(deps: Deps): Promise<boolean> {
  return (await countUsers(deps)) === 0;
}

function requireToken(deps: Deps, token: string): void {
  const { setupToken } = deps.env;
  if (!setupToken || !sameSecret(token, setupToken)) {
    throw new AppError(
      "forbidden",
      "This setup link is not valid. Until the first account exists, the console that started the product shows the valid link.",
    );
  }
}

/** Returns whether the first account is missing. Throws `forbidden` for a wrong token. */
export async function setupStatus(call: { ctx: Ctx; input: { token: string } }): Promise<{ needed: boolean }> {
  requireToken(call.ctx.deps, call.input.token);
  return { needed: await hasNoAccount(call.ctx.deps) };
}

/** The stores in which this process has seen an account. They keep one, because the last admin cannot be deleted. */
const withAccount = new WeakSet<Deps>();

/** Whether the product has no account yet, for anybody. Reads the accounts only until there is one. */
export async function isFirstAccountMissing({ ctx: { deps } }: { ctx: Ctx }): Promise<boolean> {
  if (withAccount.has(deps)) return false;
  if (await hasNoAccount(deps)) return true;
  withAccount.add(deps);
  return false;
}

/** Runs `create` if there is no account. Returns null if there is an account or another request is creating one. */
async function createFirst<T>(deps: Deps, create: () => Promise<T>): Promise<T | null> {
  const mark = { kind: "firstAccount" } as const;
  if (!(await deps.marks.set(mark, CREATE_MS))) return null;
  try {
    return (await hasNoAccount(deps)) ? await create() : null;
  } finally {
    await deps.marks.clear(mark);
  }
}

/**
 * Creates the first admin and signs in. The setup token is valid only until there is an account.
 * @throws AppError `forbidden` for a wrong or used token, and while another request uses it; `validation_failed` for a
 * weak password; `clickhouse_unavailable` if nothing was stored
 */
export async function setup(call: { ctx: Ctx; input: SetupInput; browser: Browser }): Promise<SignedIn> {
  const { ctx, input, browser } = call;
  requireToken(ctx.deps, input.token);
  const { email, password, name = input.email } = input;
  await requireStrongPassword(ctx.deps, { password, words: [email, name] });
  const user = await createFirst(ctx.deps, () => newUser(ctx.deps, { email, password, name, role: "admin" }));
  if (!user) throw new AppError("forbidden", "This setup link has been used, or another request is using it.");
  const opened = await signInByPassword(ctx.deps, { email: user.email, password, browser });
  if ("challenge" in opened) throw new Error("A new account has no second factor.");
  await writeAudit(
    { ...ctx, principal: opened.principal },
    { action: "user.create", target: `user:${user.id}`, targetName: user.email, note: "First admin" },
  );
  const device = browser.replacesDevice ? null : browser.device;
  return { ...opened, device: await rememberDevice(ctx.deps, { device, userId: user.id }) };
}

/**
 * Creates the first admin from `ADMIN_EMAIL` and `ADMIN_PASSWORD`. Returns false if there is an account, or another
 * process is creating one. Throws `validation_failed` for a weak password, and `clickhouse_unavailable` if nothing was
 * stored.
 */
export async function ensureFirstAdmin(input: { deps: Deps; email: string; password: string }): Promise<boolean> {
  const { deps, email, password } = input;
  if (!(await hasNoAccount(deps))) return false;
  await requireStrongPassword(deps, { password, words: [email], field: "ADMIN_PASSWORD" });
  const user = await createFirst(deps, () => newUser(deps, { email, password, name: email, role: "admin" }));
  return user !== null;
}
