import { encode } from 'uqr';

/** White modules around the code, without which cameras do not see where it begins. */
const QUIET_ZONE = 4;

/** A QR code as one path, drawn on the server; the text it holds must also stand beside it. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const modules = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      shapeRendering="crispEdges"
      className="size-52 rounded-control bg-qr-ground"
    >
      <path d={modules.join('')} className="fill-qr-ink" />
    </svg>
  );
}
