import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names. If two Tailwind classes set the same property, the later class wins. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes));
}
