"use client";

import { usePathname } from "next/navigation";
import { LinkTabs } from "~/components/ui/link-tabs";
import { PageHeader } from "~/components/ui/page-header";

const TABS = [
  { href: "/settings", label: "General" },
  { href: "/settings/topics", label: "Topic rules" },
  { href: "/settings/users", label: "Users" },
  { href: "/settings/roles", label: "Roles" },
  { href: "/settings/api-keys", label: "API keys" },
];

export function SettingsTabs() {
  const pathname = usePathname();
  return (
    <>
      <PageHeader title="Settings" />
      <div className="mb-5">
        <LinkTabs label="Settings" tabs={TABS.map((tab) => ({ ...tab, current: tab.href === pathname }))} />
      </div>
    </>
  );
}
