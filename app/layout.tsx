import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { NonceProvider } from "~/components/layout/nonce-provider";
import { readPreferences } from "~/components/layout/preferences-server";
import { THEME_SCRIPT } from "~/components/layout/theme-script";
import { VirtualClock } from "~/components/layout/virtual-clock";
import { NONCE_HEADER } from "~/server/rest/security-headers";
import { virtualTime } from "~/server/trpc/server";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Stufio Schedules", template: "%s · Stufio Schedules" },
  description: "A self-hosted event scheduler: publishes events once or by cron, and records each execution.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f8f9" },
    { media: "(prefers-color-scheme: dark)", color: "#0c0d10" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [{ theme, density, zone, hour12 }, requestHeaders, virtual] = await Promise.all([
    readPreferences(),
    headers(),
    virtualTime(),
  ]);
  const nonce = requestHeaders.get(NONCE_HEADER) ?? undefined;
  const fonts = `${GeistSans.variable} ${GeistMono.variable}`;
  return (
    // `suppressHydrationWarning`, because the script below may add `dark` before React hydrates the page.
    <html
      lang="en"
      className={theme === "dark" ? `${fonts} dark` : fonts}
      data-theme={theme}
      data-density={density}
      data-virtual-clock={virtual === null ? undefined : ""}
      suppressHydrationWarning
    >
      <body>
        <script
          nonce={nonce}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own, run before the first paint
          dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }}
          // Browsers hide the nonce from scripts, so React would report a difference.
          suppressHydrationWarning
        />
        <NonceProvider nonce={nonce}>
          <NuqsAdapter>{children}</NuqsAdapter>
        </NonceProvider>
        {virtual === null ? null : <VirtualClock {...virtual} display={{ zone, hour12 }} />}
      </body>
    </html>
  );
}
