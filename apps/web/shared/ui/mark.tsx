import { MARK_PATH } from '../theme/brand.ts';

/** The pillar with an O in it, in the colour of the text around it. */
export function Mark({ className }: { className: string }) {
  return (
    <svg aria-hidden viewBox="0 0 24 24" className={className} fill="currentColor">
      <path fillRule="evenodd" d={MARK_PATH} />
    </svg>
  );
}
