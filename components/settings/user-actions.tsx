"use client";

import { MoreHorizontal } from "lucide-react";
import type { RouterOutputs } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { IconButton } from "~/components/ui/icon-button";
import { Menu, MenuItem } from "~/components/ui/menu";

type User = RouterOutputs["access"]["users"]["items"][number];

/** The actions for a user; for an invited user, the actions for the invitation. */
export function UserActions({
  user,
  onIssueLink,
  onRevokeLink,
  onToggleDisabled,
  onResetSecondFactor,
  onDelete,
}: {
  user: User;
  onIssueLink: () => void;
  onRevokeLink: () => void;
  onToggleDisabled: () => void;
  onResetSecondFactor: () => void;
  onDelete: () => void;
}) {
  if (user.link?.kind === "invitation") {
    return (
      <span className="flex justify-end gap-1">
        <Button size="sm" aria-label={`New link for ${user.name}`} onClick={onIssueLink}>
          New link
        </Button>
        <Button size="sm" aria-label={`Revoke the invitation of ${user.name}`} onClick={onDelete}>
          Revoke
        </Button>
      </span>
    );
  }
  return (
    <Menu trigger={<IconButton label={`Actions for ${user.name}`} icon={<MoreHorizontal aria-hidden />} size="sm" />}>
      {user.disabled ? null : (
        <MenuItem onSelect={onIssueLink}>{user.link ? "New reset link" : "Create reset link"}</MenuItem>
      )}
      {user.link ? <MenuItem onSelect={onRevokeLink}>Revoke reset link</MenuItem> : null}
      {user.secondFactor ? <MenuItem onSelect={onResetSecondFactor}>Reset second factor</MenuItem> : null}
      <MenuItem onSelect={onToggleDisabled}>{user.disabled ? "Enable" : "Disable"}</MenuItem>
      <MenuItem destructive onSelect={onDelete}>
        Delete
      </MenuItem>
    </Menu>
  );
}
