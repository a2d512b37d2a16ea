import { CopyButton, type CopyWords } from './copy-button.tsx';

type Props = Readonly<{
  /** What it is; also the name of the scrolling region. */
  label: string;
  text: string;
  copy: CopyWords;
}>;

/** Text from outside exactly as it came: always text, never markup. */
export function Raw({ label, text, copy }: Props) {
  return (
    <div>
      <div className="flex items-center justify-between gap-3 text-12 text-muted">
        <span>{label}</span>
        <CopyButton text={text} words={copy} />
      </div>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-h-96 overflow-auto rounded-control border border-line bg-sunken p-3 font-mono text-12 break-all whitespace-pre-wrap"
      >
        {text}
      </pre>
    </div>
  );
}
