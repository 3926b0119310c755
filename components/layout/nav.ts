import {
  Activity,
  BookOpen,
  CalendarClock,
  CalendarRange,
  ChartNoAxesCombined,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MailX,
  ScrollText,
  Settings,
} from "lucide-react";

export interface NavItem {
  href: string;
  label: string;
  Icon: LucideIcon;
  /** The second key of the shortcut, after "g". */
  key: string;
}

export const NAV: readonly NavItem[] = [
  { href: "/", label: "Overview", Icon: LayoutDashboard, key: "o" },
  { href: "/schedules", label: "Schedules", Icon: CalendarClock, key: "s" },
  { href: "/executions", label: "Executions", Icon: ListChecks, key: "e" },
  { href: "/upcoming", label: "Upcoming", Icon: CalendarRange, key: "u" },
  { href: "/analytics", label: "Analytics", Icon: ChartNoAxesCombined, key: "a" },
  { href: "/dead-letters", label: "Dead letters", Icon: MailX, key: "d" },
  { href: "/audit", label: "Audit", Icon: ScrollText, key: "l" },
  { href: "/system", label: "System", Icon: Activity, key: "y" },
  { href: "/settings", label: "Settings", Icon: Settings, key: "t" },
  { href: "/docs", label: "Documentation", Icon: BookOpen, key: "h" },
];

/** Whether `pathname` is the page at `href`, a page below it, or a page that is reached from it. */
export function isCurrent(href: string, pathname: string): boolean {
  if (href === "/") return pathname === "/";
  return isWithin(href, pathname) || (href === "/schedules" && isWithin("/bulk", pathname));
}

const isWithin = (href: string, pathname: string) => pathname === href || pathname.startsWith(`${href}/`);
