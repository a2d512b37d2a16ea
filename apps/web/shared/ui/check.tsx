import type { ComponentProps, ReactNode } from 'react';

type Props = Omit<ComponentProps<'input'>, 'className' | 'type' | 'children'> &
  Readonly<{ label: ReactNode }>;

const ROW = 'flex min-h-(--control-height) items-center gap-3';

/** A yes or no that is sent with its form. */
export function Check({ label, ...rest }: Props) {
  return (
    <label className={ROW}>
      <input {...rest} type="checkbox" className="size-5 shrink-0 accent-accent" />
      <span>{label}</span>
    </label>
  );
}

/** A yes or no that holds from the moment it is pressed. */
export function Switch({ label, ...rest }: Props) {
  return (
    <label className={ROW}>
      <input
        {...rest}
        type="checkbox"
        role="switch"
        className="peer h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full border border-control bg-sunken before:block before:size-5 before:translate-x-px before:translate-y-px before:rounded-full before:bg-control before:transition-transform before:duration-120 checked:border-accent checked:bg-accent checked:before:translate-x-5 checked:before:bg-on-accent motion-reduce:before:transition-none"
      />
      <span>{label}</span>
    </label>
  );
}
