"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { DEFAULT_PREFERENCES, type Preferences, preferenceCookie, type Theme } from "./preferences";

interface PreferencesValue extends Preferences {
  /** Stores a preference in its cookie and renders the page with it. */
  set: <Name extends keyof Preferences>(name: Name, value: Preferences[Name]) => void;
}

const PreferencesContext = createContext<PreferencesValue>({ ...DEFAULT_PREFERENCES, set: () => {} });

const SYSTEM_DARK = "(prefers-color-scheme: dark)";

function applyTheme(theme: Theme): void {
  const isDark = theme === "dark" || (theme === "system" && window.matchMedia(SYSTEM_DARK).matches);
  document.documentElement.classList.toggle("dark", isDark);
}

export function PreferencesProvider({ preferences, children }: { preferences: Preferences; children: ReactNode }) {
  const router = useRouter();
  const { theme, density, zone, hour12, shortcuts, sidebar } = preferences;
  const [columns, setColumns] = useState(preferences.columns);

  // The server sets the class for light and dark; only the browser knows the system theme.
  useEffect(() => {
    applyTheme(theme);
    if (theme !== "system") return;
    const system = window.matchMedia(SYSTEM_DARK);
    const follow = () => applyTheme("system");
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [theme]);

  const value = useMemo<PreferencesValue>(
    () => ({
      theme,
      density,
      zone,
      hour12,
      shortcuts,
      sidebar,
      columns,
      set: (name, next) => {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
        document.cookie = preferenceCookie(name, next);
        if (name === "theme") applyTheme(next as Theme);
        // Only client components show the columns, so the server need not render the page again.
        if (name === "columns") setColumns(next as string);
        else router.refresh();
      },
    }),
    [theme, density, zone, hour12, shortcuts, sidebar, columns, router],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesValue {
  return useContext(PreferencesContext);
}
