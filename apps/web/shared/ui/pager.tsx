import { ArrowLeft, ArrowRight } from 'lucide-react';

type Props = Readonly<{
  label: string;
  newer: { label: string; href: string | undefined };
  older: { label: string; href: string | undefined };
  /** How many rows are shown, in words. */
  shown: string;
}>;

/** To the newer and the older rows. There are no page numbers: a list grows while it is read. */
export function Pager({ label, newer, older, shown }: Props) {
  if (newer.href === undefined && older.href === undefined) {
    return <p className="text-14 text-muted">{shown}</p>;
  }
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-4 text-14">
      <Step href={newer.href} rel="prev">
        <ArrowLeft aria-hidden size={16} strokeWidth={1.75} />
        {newer.label}
      </Step>
      <span className="text-muted">{shown}</span>
      <Step href={older.href} rel="next">
        {older.label}
        <ArrowRight aria-hidden size={16} strokeWidth={1.75} />
      </Step>
    </nav>
  );
}

function Step(props: { href: string | undefined; rel: string; children: React.ReactNode }) {
  const { href, rel, children } = props;
  const shape = 'inline-flex min-h-(--control-height) items-center gap-2 rounded-control px-3 ';
  // Kept in place when there is nowhere to go, so that the other one does not move.
  if (href === undefined) return <span className={`${shape} text-faint`}>{children}</span>;
  return (
    <a href={href} rel={rel} className={`${shape} text-accent-text hover:bg-accent-soft`}>
      {children}
    </a>
  );
}
