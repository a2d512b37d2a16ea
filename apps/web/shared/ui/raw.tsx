type Props = Readonly<{
  /** What it is, for the label of the scrolling region. */
  label: string;
  text: string;
}>;

/** Text from outside exactly as it came: always text, never markup. */
export function Raw({ label, text }: Props) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className="max-h-96 overflow-auto rounded-control border border-line bg-sunken p-3 font-mono text-12 whitespace-pre-wrap break-all"
    >
      {text}
    </pre>
  );
}
