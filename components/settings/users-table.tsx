"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck, UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Instant, Relative } from "~/components/ui/time";
import { roleOptionsWith } from "./role-options";
import { RoleSelect } from "./role-select";
import { SectionHeader } from "./section-header";

// Loaded on first use, to keep them out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));
const InviteUser = dynamic(() => import("./invite-user").then((module) => module.InviteUser));
const NewLink = dynamic(() => import("./new-link").then((module) => module.NewLink));
const UserActions = dynamic(() => import("./user-actions").then((module) => module.UserActions));

type User = RouterOutputs["access"]["users"]["items"][number];
type Link = RouterOutputs["access"]["issueLink"];

/** Users and their roles. The server refuses to demote, disable or delete the last admin. */
export function UsersTable({ ownId }: { ownId: string }) {
  const trpc = useTRPC();
  const users = useQuery(trpc.access.users.queryOptions());
  const refetchOnSuccess = { onSuccess: () => void users.refetch() };
  const update = useMutation(trpc.access.updateUser.mutationOptions(refetchOnSuccess));
  const remove = useMutation(trpc.access.deleteUser.mutationOptions(refetchOnSuccess));
  const roles = useQuery(trpc.access.roles.queryOptions());
  const roleOptions = roleOptionsWith(roles.data?.items ?? []);
  const [isInviting, setInviting] = useState(false);
  const [newLink, setNewLink] = useState<{ name: string; link: Link } | null>(null);
  const showLink = (shown: { name: string; link: Link }) => {
    setNewLink(shown);
    void users.refetch();
  };
  const issue = useMutation(trpc.access.issueLink.mutationOptions());
  const revoke = useMutation(trpc.access.revokeLink.mutationOptions(refetchOnSuccess));
  const reset = useMutation(trpc.access.resetSecondFactor.mutationOptions(refetchOnSuccess));
  const [resetting, setResetting] = useState<User | null>(null);
  const [deleting, setDeleting] = useState<User | null>(null);
  const closeReset = () => {
    setResetting(null);
    reset.reset();
  };
  const closeDelete = () => {
    setDeleting(null);
    remove.reset();
  };

  const columns: Column<User>[] = [
    {
      id: "name",
      header: "Name",
      rowHeader: true,
      cell: (user) => (
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {user.name} {user.userId === ownId ? <Badge>You</Badge> : null}
          {user.disabled ? <Badge tone="outline">Disabled</Badge> : null}
          {user.link ? <LinkBadge link={user.link} /> : null}
          {user.secondFactor ? (
            <Badge tone="success" icon={<ShieldCheck aria-hidden />}>
              Second factor
            </Badge>
          ) : null}
        </span>
      ),
    },
    { id: "email", header: "E-mail", cell: (user) => user.email },
    {
      id: "role",
      header: "Role",
      cell: (user) => (
        <RoleSelect
          label={`Role of ${user.name}`}
          value={user.role}
          options={roleOptions}
          onValueChange={(role) => update.mutate({ userId: user.userId, role })}
        />
      ),
    },
    { id: "created", header: "Created", hideBelow: "lg", cell: (user) => <Relative value={user.createdAt} /> },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (user) =>
        user.userId === ownId ? null : (
          <UserActions
            user={user}
            onIssueLink={() =>
              issue.mutate({ userId: user.userId }, { onSuccess: (link) => showLink({ name: user.name, link }) })
            }
            onRevokeLink={() => revoke.mutate({ userId: user.userId })}
            onToggleDisabled={() => update.mutate({ userId: user.userId, disabled: !user.disabled })}
            onResetSecondFactor={() => setResetting(user)}
            onDelete={() => setDeleting(user)}
          />
        ),
    },
  ];
  return (
    <div className="flex max-w-5xl flex-col gap-3">
      <SectionHeader
        title="Users"
        help={
          <>
            To create and change accounts, users need the right <code className="font-mono text-xs">users:edit</code>.
          </>
        }
        action={
          <Button variant="primary" icon={<UserPlus aria-hidden />} onClick={() => setInviting(true)}>
            Invite user
          </Button>
        }
      />
      {[update, issue, revoke].map(({ error }) => (error ? <ActionError key={String(error)} error={error} /> : null))}
      <DataTable
        caption="Users"
        columns={columns}
        rows={users.data?.items}
        rowId={(user) => user.userId}
        error={
          users.error ? (
            <LoadError error={users.error} onRetry={() => void users.refetch()} retrying={users.isFetching} />
          ) : null
        }
      />
      {isInviting ? (
        <InviteUser
          roleOptions={roleOptions}
          onInvited={(invited) => {
            setInviting(false);
            showLink(invited);
          }}
          onClose={() => setInviting(false)}
        />
      ) : null}
      {newLink ? <NewLink {...newLink} onClose={() => setNewLink(null)} /> : null}
      {resetting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && closeReset()}
          title={`Reset the second factor of ${resetting.name}?`}
          description="The user is signed out everywhere, and can sign in by password alone until a new second factor is set up. Make sure that the request is theirs."
          confirmLabel="Reset second factor"
          onConfirm={() => reset.mutate({ userId: resetting.userId }, { onSuccess: closeReset })}
          loading={reset.isPending}
          error={reset.error ? <ActionError error={reset.error} /> : undefined}
        />
      ) : null}
      {deleting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && closeDelete()}
          title={`Delete ${deleting.name}?`}
          description={
            deleting.link?.kind === "invitation"
              ? "The invitation stops working, and the account is deleted."
              : "The account is deleted and signed out everywhere. Its actions stay in the audit trail under its name."
          }
          confirmLabel="Delete user"
          onConfirm={() => remove.mutate({ userId: deleting.userId }, { onSuccess: closeDelete })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </div>
  );
}

/** Shows that a user has an unused link, and until when it is valid. */
function LinkBadge({ link }: { link: NonNullable<User["link"]> }) {
  const label = link.kind === "invitation" ? "Invited" : "Reset link";
  return (
    <Badge tone={link.expired ? "warning" : "info"}>
      {link.expired ? (
        `${label}, expired`
      ) : (
        <>
          {label}, until <Instant value={link.expiresAt} />
        </>
      )}
    </Badge>
  );
}
