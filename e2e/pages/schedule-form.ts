import type { Page } from "@playwright/test";

/** The form of a schedule: create, edit and duplicate. */
export class ScheduleForm {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/schedules/new");
  }

  async fillEvent(event: { name?: string; topic: string; entityType: string; action: string }): Promise<void> {
    if (event.name !== undefined) await this.page.getByLabel("Name").fill(event.name);
    await this.page.getByLabel("Topic").fill(event.topic);
    await this.page.getByLabel("Entity type").fill(event.entityType);
    await this.page.getByLabel("Action", { exact: false }).first().fill(event.action);
  }

  /** @param cron as in a crontab, with seconds first if there are six fields */
  async repeat(cron: string): Promise<void> {
    await this.page.getByRole("radio", { name: "Recurring" }).click();
    await this.page.getByLabel("Cron expression").fill(cron);
  }

  /** At an instant, written on the wall clock of UTC, the form's zone by default. */
  async once(at: Date): Promise<void> {
    await this.page.getByRole("radio", { name: "One-time" }).click();
    await this.page.getByLabel("Date and time").fill(at.toISOString().slice(0, 19));
  }

  async create(): Promise<void> {
    await this.page.getByRole("button", { name: "Create schedule" }).click();
    await this.page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  }

  /** Shows what changes first. */
  async review(): Promise<void> {
    await this.page.getByRole("button", { name: "Review and save" }).click();
  }
}
