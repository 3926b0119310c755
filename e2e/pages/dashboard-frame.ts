import type { Locator, Page } from "@playwright/test";

/** The frame of the pages of the dashboard. */
export class DashboardFrame {
  constructor(private readonly page: Page) {}

  navigation(): Locator {
    return this.page.getByRole("navigation", { name: "Main" }).first();
  }

  title(): Locator {
    return this.page.getByRole("heading", { level: 1 });
  }

  /** The outage banner. */
  banner(): Locator {
    return this.page.getByRole("alert", { name: "Outage" });
  }

  /** "Live", "Updates paused", "Reconnecting", or "Stale since" a time. */
  liveIndicator(): Locator {
    return this.page.getByRole("button", { name: /^Live updates/ });
  }

  /** Parts that still wait for their first data. */
  skeletons(): Locator {
    return this.page.locator("main [data-skeleton], main [aria-busy=true]");
  }
}
