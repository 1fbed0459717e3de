/** The colours that figures are drawn with: data colours of a theme, or of print. */
export interface Colours {
  ground: string;
  ink: string;
  secondary: string;
  line: string;
  grid: string;
  data: string;
  model: string;
  prior: string;
  truth: string;
  other: string;
  accent: string;
  fault: string;
}

/** «#rrggbb» as three bytes. */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function withAlpha(hex: string, alpha: number): string {
  const [r, g, b] = rgb(hex);
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/**
 * A perceptual ramp for stimulus amplitudes, dark = most negative: Viridis (van der Walt and Smith 2015, CC0) at nine
 * even steps. The end that would vanish into the ground is left out, in either theme.
 */
const viridis = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
];

/** How strongly the sweeps that are not chosen are drawn; light lines on black need more to be seen as well. */
export const overlayAlpha = { light: 0.25, dark: 0.4 } as const;

/** @param position 0 = most negative … 1 = most positive */
export function amplitudeColour(position: number, theme: 'light' | 'dark'): string {
  const [from, to] = theme === 'light' ? [0, 6.5] : [3, 8];
  const at = from + Math.min(1, Math.max(0, position)) * (to - from);
  const index = Math.min(viridis.length - 2, Math.floor(at));
  const a = rgb(viridis[index]!);
  const b = rgb(viridis[index + 1]!);
  const mix = a.map((channel, i) => Math.round(channel + (b[i]! - channel) * (at - index)));
  return `#${mix.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
