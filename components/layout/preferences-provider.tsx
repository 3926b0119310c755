"use client";

import { useRouter } from "next/navigation";
import {
  createContext,
  type ReactNode,
  startTransition,
  useContext,
  useEffect,
  useMemo,
  useOptimistic,
  useState,
} from "react";
import { DEFAULT_PREFERENCES, type Preferences, preferenceCookie, type Theme } from "./preferences";

interface PreferencesValue extends Preferences {
  /** Stores a preference in its cookie and renders the page with it. */
  set: <Name extends keyof Preferences>(name: Name, value: Preferences[Name]) => void;
}

const PreferencesContext = createContext<PreferencesValue>({ ...DEFAULT_PREFERENCES, set: () => {} });

const NONE_CHOSEN: Partial<Preferences> = {};
const SYSTEM_DARK = "(prefers-color-scheme: dark)";

function applyTheme(theme: Theme): void {
  const isDark = theme === "dark" || (theme === "system" && window.matchMedia(SYSTEM_DARK).matches);
  document.documentElement.classList.toggle("dark", isDark);
}

export function PreferencesProvider({ preferences, children }: { preferences: Preferences; children: ReactNode }) {
  const router = useRouter();
  // A chosen value, until the server has rendered the page with it. Otherwise, controls would show the old value until
  // then.
  const [chosen, choose] = useOptimistic<Partial<Preferences>>(NONE_CHOSEN);
  const { theme, density, zone, hour12, shortcuts, sidebar } = { ...preferences, ...chosen };
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
        if (name === "columns") return setColumns(next as string);
        startTransition(() => {
          choose((before) => ({ ...before, [name]: next }));
          router.refresh();
        });
      },
    }),
    [theme, density, zone, hour12, shortcuts, sidebar, columns, choose, router],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesValue {
  return useContext(PreferencesContext);
}
