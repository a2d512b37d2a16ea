/**
 * Just enough of colour science to prove our contrast and to keep a brand inside what screens show:
 * OKLCH (Ottosson's matrices) to linear sRGB, and WCAG 2 luminance over it.
 */

/** Lightness 0-1, chroma from 0, hue in degrees. */
export type Oklch = Readonly<{ l: number; c: number; h: number }>;
type Rgb = readonly [red: number, green: number, blue: number];

/** Chroma is found to this precision: far below what an eye or three written digits can tell. */
const CHROMA_STEPS = 24;
const GAMUT_SLACK = 1e-4;

/** Linear-light sRGB; parts outside 0-1 mean that no sRGB screen shows this colour. */
export function toLinearRgb({ l, c, h }: Oklch): Rgb {
  const angle = (h * Math.PI) / 180;
  const a = c * Math.cos(angle);
  const b = c * Math.sin(angle);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Whether an sRGB screen shows the colour as it is asked for. */
export function inGamut(colour: Oklch): boolean {
  return toLinearRgb(colour).every((part) => part >= -GAMUT_SLACK && part <= 1 + GAMUT_SLACK);
}

/** The asked colour, with its chroma lowered until a screen can show it. */
export function fitGamut(colour: Oklch): Oklch {
  if (inGamut(colour)) return colour;
  let low = 0;
  let high = colour.c;
  for (let step = 0; step < CHROMA_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (inGamut({ ...colour, c: middle })) low = middle;
    else high = middle;
  }
  return { ...colour, c: low };
}

/** WCAG 2 contrast, 1 to 21, of two opaque colours as 8-bit screens show them. */
export function contrast(one: Oklch, other: Oklch): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(colour: Oklch): number {
  const [red, green, blue] = toLinearRgb(colour).map(asShown);
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Clips, rounds to one of 256 steps and goes back to linear light: what is measured is what is seen. */
function asShown(linear: number): number {
  const part = Math.min(1, Math.max(0, linear));
  const encoded = part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
  const step = Math.round(encoded * 255) / 255;
  return step <= 0.04045 ? step / 12.92 : ((step + 0.055) / 1.055) ** 2.4;
}
