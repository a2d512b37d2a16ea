import { CircleX } from 'lucide-react';
import { LinkButton } from './button.tsx';

type Props = Readonly<{
  what: string;
  safe: string;
  todo: string;
  retry: { label: string; href: string };
  requestId: { label: string; id: string };
}>;

/** A failed load, told apart from an empty one: what happened, what is safe, what to do, the number. */
export function Failure({ what, safe, todo, retry, requestId }: Props) {
  return (
    <div className="max-w-[680px] space-y-4">
      <CircleX aria-hidden size={32} strokeWidth={1.75} className="text-bad" />
      <h1 className="text-28 sm:text-36">{what}</h1>
      <p className="text-18 text-muted">
        {safe} {todo}
      </p>
      <LinkButton kind="primary" href={retry.href}>
        {retry.label}
      </LinkButton>
      <p className="text-14 text-faint">
        {requestId.label}: <code className="font-mono break-all select-all">{requestId.id}</code>
      </p>
    </div>
  );
}
