type Props = Readonly<{
  label: string;
  links: readonly Readonly<{ href: string; text: string }>[];
}>;

/** The other ways in, one under the other. */
export function WayLinks({ label, links }: Props) {
  return (
    <nav aria-label={label}>
      <ul className="space-y-1">
        {links.map(({ href, text }) => (
          <li key={href}>
            <a
              href={href}
              className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4"
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
