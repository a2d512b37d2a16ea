import type { ComponentProps } from 'react';

type Kind = 'primary' | 'secondary' | 'danger' | 'quiet';

const SHAPE =
  'inline-flex min-h-(--control-height) items-center justify-center gap-2 rounded-control text-center ' +
  'py-[calc((var(--control-height)-1.5rem)/2)] ' +
  'font-semibold transition-colors duration-120 ease-calm disabled:cursor-default disabled:opacity-60';
const KINDS: Record<Kind, string> = {
  primary: 'px-5 border border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'px-5 border border-control bg-surface text-accent-text hover:bg-accent-soft',
  danger: 'px-5 border border-transparent bg-bad text-on-accent',
  quiet: 'px-1 border border-transparent text-accent-text underline-offset-4 hover:underline',
};

/** Acts on this page. One primary button per view; texts wrap, they are never cut. */
export function Button({
  kind,
  ...rest
}: { kind: Kind } & Omit<ComponentProps<'button'>, 'className'>) {
  return <button {...rest} className={`${SHAPE} ${KINDS[kind]}`} />;
}

/** Goes somewhere and looks like a button. */
export function LinkButton({
  kind,
  ...rest
}: { kind: Kind } & Omit<ComponentProps<'a'>, 'className'>) {
  return <a {...rest} className={`${SHAPE} ${KINDS[kind]}`} />;
}
