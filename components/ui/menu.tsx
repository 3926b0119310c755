"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { Kbd } from "./kbd";
import { Link } from "./link";
import { popupClasses, popupItemClasses } from "./popup";

export function Menu({
  trigger,
  align = "end",
  side = "bottom",
  children,
}: {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={cn(popupClasses, "min-w-44 max-w-80 p-1")}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface ItemProps {
  icon?: ReactNode;
  shortcut?: string;
  disabled?: boolean;
  destructive?: boolean;
  children: ReactNode;
}

function content({ icon, shortcut, children }: ItemProps) {
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {shortcut ? <Kbd>{shortcut}</Kbd> : null}
    </>
  );
}

const itemClasses = (destructive?: boolean) =>
  cn(popupItemClasses, destructive && "text-danger-ink data-highlighted:bg-danger-soft");

export function MenuItem({ onSelect, ...props }: ItemProps & { onSelect: () => void }) {
  return (
    <Base.Item className={itemClasses(props.destructive)} disabled={props.disabled} onClick={onSelect}>
      {content(props)}
    </Base.Item>
  );
}

export function MenuLinkItem({ href, ...props }: ItemProps & { href: string }) {
  return (
    <Base.LinkItem closeOnClick className={itemClasses(props.destructive)} render={<Link href={href} />}>
      {content(props)}
    </Base.LinkItem>
  );
}

export function MenuDownloadItem({ href, ...props }: ItemProps & { href: string }) {
  return (
    <Base.LinkItem closeOnClick className={itemClasses(props.destructive)} render={<a href={href} download />}>
      {content(props)}
    </Base.LinkItem>
  );
}

export function MenuCheckboxItem({
  checked,
  onCheckedChange,
  ...props
}: ItemProps & { checked: boolean; onCheckedChange: (checked: boolean) => void }) {
  return (
    <Base.CheckboxItem
      checked={checked}
      onCheckedChange={onCheckedChange}
      disabled={props.disabled}
      className={cn(itemClasses(), "pr-8")}
    >
      {content(props)}
      <Base.CheckboxItemIndicator className="absolute right-2">
        <Check aria-hidden />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

/** Options inside a menu, of which one is selected. */
export function MenuRadioGroup<Value extends string>({
  label,
  value,
  onValueChange,
  options,
}: {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
}) {
  return (
    <MenuGroup label={label}>
      <Base.RadioGroup value={value} onValueChange={(next) => onValueChange(next as Value)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={cn(itemClasses(), "pr-8")}>
            {option.icon}
            {option.label}
            <Base.RadioItemIndicator className="absolute right-2">
              <Check aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </MenuGroup>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-subtle text-xs">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
