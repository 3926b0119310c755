import { randomUUID } from "node:crypto";
import { dataOf, type Schemas } from "@stufio/schedules-client";
import type { Command } from "commander";
import { type AddCommands, numberIn, withExamples } from "../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../confirm.js";
import type { Context } from "../context.js";
import { CliError, EXIT, usageError } from "../exit.js";
import type { Cell, Column, Show } from "../output/table.js";

type User = Schemas["User"];

/** Adds `users list`, `invite`, `update`, `link`, `reset-second-factor` and `delete`. */
export const addUserCommands: AddCommands = (users, perform) => {
  const list = users
    .command("list")
    .description("List the users")
    .action(() =>
      perform(list, async (context) => {
        await context.print.rows(await allUsers(context), COLUMNS, { empty: "There are no users." });
      }),
    );
  withExamples(list, ["users list"]);

  const invite = users
    .command("invite <email>")
    .description("Create a user, and print the link with which the user sets a password")
    .requiredOption("--name <name>", "name of the user")
    .requiredOption("--role <role>", "viewer, operator, editor, admin or a custom role")
    .option("--valid-hours <n>", "how long the link is valid, 72 by default", numberIn(1, 720))
    .action((email: string, { name, role, validHours }: { name: string; role: string; validHours?: number }) =>
      perform(invite, async (context) => {
        const client = await context.client();
        const body = { email, name, role, valid_hours: validHours };
        const params = { header: { "Idempotency-Key": randomUUID() } };
        printLink(context, dataOf(await client.api.POST("/admin/users", { body, params, ...context.call })));
      }),
    );
  withExamples(invite, ["users invite ann@example.org --name Ann --role operator"]);

  const update = users
    .command("update <user>")
    .description("Change a user, given by e-mail address or id")
    .option("--name <name>", "new name")
    .option("--role <role>", "new role")
    .option("--disable", "refuse the sign-in and the API keys of the user")
    .option("--enable", "accept them again")
    .action((who: string, options: { name?: string; role?: string; disable?: boolean; enable?: boolean }) =>
      perform(update, async (context) => {
        const { name, role, disable, enable } = options;
        if (disable && enable) throw usageError("Give --disable or --enable, not both");
        const disabled = disable ? true : enable ? false : undefined;
        if ([name, role, disabled].every((one) => one === undefined)) {
          throw usageError("Give --name, --role, --disable or --enable");
        }
        const params = { path: { id: await userId(context, who) } };
        const call = { body: { name, role, disabled }, params, ...context.call };
        context.print.record(dataOf(await (await context.client()).api.PATCH("/admin/users/{id}", call)), userFields);
      }),
    );
  withExamples(update, ["users update ann@example.org --role editor", "users update ann@example.org --disable"]);

  addLink(users, perform);

  const reset = users
    .command("reset-second-factor <user>")
    .description("Remove the second factor and the passkeys of a user");
  addYesOption(reset).action((who: string, options: ConfirmOptions) =>
    perform(reset, async (context) => {
      const id = await userId(context, who);
      await confirm(context, `Remove the second factor and the passkeys of ${who}?`, options);
      const params = { path: { id } };
      const client = await context.client();
      dataOf(await client.api.DELETE("/admin/users/{id}/second-factor", { params, ...context.call }));
      context.print.done(`Removed the second factor and the passkeys of ${who}`, { user_id: id, second_factor: false });
    }),
  );
  withExamples(reset, ["users reset-second-factor ann@example.org"]);

  const remove = users
    .command("delete <user>")
    .description("Delete a user. The sessions and the API keys of the user stop working");
  addYesOption(remove).action((who: string, options: ConfirmOptions) =>
    perform(remove, async (context) => {
      const id = await userId(context, who);
      await confirm(context, `Delete the user ${who}?`, options);
      const client = await context.client();
      dataOf(await client.api.DELETE("/admin/users/{id}", { params: { path: { id } }, ...context.call }));
      context.print.done(`Deleted ${who}`, { user_id: id, deleted: true });
    }),
  );
  withExamples(remove, ["users delete ann@example.org"]);
};

const addLink: AddCommands = (users, perform) => {
  const link: Command = users
    .command("link <user>")
    .description("Print a new link with which a user sets a password: an invitation, or a reset link")
    .option("--valid-hours <n>", "how long an invitation is valid, 72 by default", numberIn(1, 720))
    .option("--revoke", "make the link stop working instead")
    .action((who: string, { validHours, revoke }: { validHours?: number; revoke?: boolean }) =>
      perform(link, async (context) => {
        const id = await userId(context, who);
        const params = { path: { id } };
        const client = await context.client();
        if (revoke) {
          dataOf(await client.api.DELETE("/admin/users/{id}/link", { params, ...context.call }));
          return context.print.done(`Revoked the link of ${who}`, { user_id: id, link: null });
        }
        const body = { valid_hours: validHours };
        printLink(context, dataOf(await client.api.POST("/admin/users/{id}/link", { body, params, ...context.call })));
      }),
    );
  withExamples(link, ["users link ann@example.org", "users link ann@example.org --revoke"]);
};

async function allUsers(context: Context): Promise<User[]> {
  const client = await context.client();
  return dataOf(await client.api.GET("/admin/users", context.call)).items;
}

/** The id of a user who is given by id or e-mail address. */
async function userId(context: Context, who: string): Promise<string> {
  const wanted = who.toLowerCase();
  const found = (await allUsers(context)).find(({ user_id, email }) => user_id === wanted || email === wanted);
  if (found) return found.user_id;
  throw new CliError(`There is no user "${who}"`, { exitCode: EXIT.notFound });
}

/** Prints the link as the only line on standard output, so that it can be passed on. */
function printLink(context: Context, { token, ...link }: Schemas["NewPasswordLink"]): void {
  const url = `${context.target.url}/password-link#${token}`;
  context.print.done(url, { ...link, url });
  context.note(`A link to set a password (${link.kind}), valid until ${context.print.show.time(link.expires_at)}.`);
}

const userFields = (user: User, show: Show): [string, Cell][] => [
  ["id", user.user_id],
  ["e-mail", user.email],
  ["name", user.name],
  ["role", user.role],
  ["disabled", user.disabled],
  ["second factor", user.second_factor],
  ["updated", show.time(user.updated_at)],
];

const COLUMNS: readonly Column<User>[] = [
  { title: "ID", cell: ({ user_id }) => user_id },
  { title: "E-MAIL", cell: ({ email }) => email, shrink: 12 },
  { title: "NAME", cell: ({ name }) => name, shrink: 8 },
  { title: "ROLE", cell: ({ role }) => role },
  {
    title: "STATUS",
    cell: ({ disabled, link }) => (disabled ? "disabled" : link?.kind === "invitation" ? "invited" : "active"),
  },
  { title: "SECOND FACTOR", cell: ({ second_factor }) => (second_factor ? "yes" : "no") },
  { title: "CREATED", cell: ({ created_at }, show) => show.time(created_at) },
];
