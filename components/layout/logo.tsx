/** The logo, hidden from screen readers because the product name is beside it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" fill="none" className={className}>
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path
        d="M17.2 9.2A6 6 0 1 0 18 12"
        stroke="var(--on-accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M12 8.6V12l6.2-6.2M14.9 5.4h3.7v3.7"
        stroke="var(--on-accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
