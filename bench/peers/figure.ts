import { targetMs, type Curve } from './series.ts';

/** Okabe and Ito; our own curve black. */
const inks: Record<string, string> = {
  Chronaxie: '#000000',
  jaxley: '#0072B2',
  NEURON: '#D55E00',
  CoreNEURON: '#E69F00',
  Brian2: '#009E73',
  'C++, AVX2': '#888888',
};
const dashes = ['none', '6 3', '2 3', '8 3 2 3', '1 2', '10 4'];
const frame = { x: 70, y: 24, width: 520, height: 400 };
const [errorRange, costRange] = [
  [0.002, 1],
  [1e-4, 0.1],
];

function place(value: number, [low, high]: number[], length: number): number {
  return (length * Math.log(value / low!)) / Math.log(high! / low!);
}
const across = (error: number) => frame.x + place(error, errorRange!, frame.width);
const up = (cost: number) => frame.y + frame.height - place(cost, costRange!, frame.height);

function text(x: number, y: number, content: string, anchor = 'start', fill = '#222222'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;
}

/** Median spike-time error against processor time, both logarithmic: the lower left is best. */
export function workPrecisionFigure(curves: readonly Curve[]): string {
  const seen = new Map<string, number>();
  const lines = curves.flatMap(({ simulator, variant, points }, row) => {
    const ink = inks[simulator] ?? '#222222';
    const turn = seen.get(simulator) ?? 0;
    seen.set(simulator, turn + 1);
    const dash = dashes[turn % dashes.length]!;
    const shown = points
      .filter((p) => p.medianMs > errorRange![0]! && p.medianMs < errorRange![1]!)
      .map((p) => [across(p.medianMs).toFixed(1), up(p.cost).toFixed(1)]);
    const y = frame.y + 8 + 20 * row;
    const path = shown.map((p) => p.join(',')).join(' ');
    return [
      `<polyline points="${path}" fill="none" stroke="${ink}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      ...shown.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${ink}"/>`),
      `<path d="M610 ${y}h28" stroke="${ink}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      text(646, y + 4, `${simulator}, ${variant}`),
    ];
  });
  const ticks = [
    ...[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].map((e) =>
      text(across(e), frame.y + frame.height + 18, String(e), 'middle'),
    ),
    ...[1e-4, 1e-3, 1e-2, 1e-1].map((c) => text(frame.x - 8, up(c) + 4, String(c), 'end')),
  ];
  const target = across(targetMs).toFixed(1);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 480" font-family="system-ui, sans-serif" font-size="12">',
    '<rect width="900" height="480" fill="white"/>',
    `<rect x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" fill="none" stroke="#666666" stroke-width="0.8"/>`,
    `<path d="M${target} ${frame.y}v${frame.height}" stroke="#bbbbbb" stroke-width="0.8"/>`,
    ...ticks,
    text(frame.x + frame.width / 2, frame.y + frame.height + 42, 'median spike-time error, ms', 'middle'),
    `<text transform="translate(20 ${frame.y + frame.height / 2}) rotate(-90)" text-anchor="middle" fill="#222222">core-seconds per simulated second of a cell</text>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}
