import type { Study } from './calibration.ts';

/** Okabe and Ito: blue and green; the band grey. */
const inks = ['#0072B2', '#009E73', '#E69F00'];
const grey = '#dddddd';
const paleGrey = '#eeeeee';

interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Values at the lower and the upper edge. */
  low: number;
  high: number;
}

/**
 * Left, expected coverage against credibility; right, for each parameter, how far the distribution of the truth's ranks lies from
 * uniform. Grey: where 95 % of the curves of right posteriors stay, along their whole length (left: darker, at one level).
 */
export function calibrationFigure(studies: readonly Study[]): string {
  const { levels, bands, parameters } = studies[0]!;
  const main: Frame = { x: 62, y: 40, width: 300, height: 300, low: 0, high: 1 };
  const parts = [
    band(main, levels, bands.curve, paleGrey),
    band(main, levels, bands.pointwise, grey),
    curve(main, [0, 1], [0, 1], '#888888', '4 3'),
    ...studies.map(({ coverage }, s) => curve(main, whole(levels), whole(coverage.curve), inks[s]!)),
    axes(main, [0, 0.25, 0.5, 0.75, 1], percent, [0, 0.25, 0.5, 0.75, 1]),
    text(main.x + main.width / 2, main.y + main.height + 38, 'credibility of the region', 'middle'),
    `<text transform="translate(18 ${main.y + main.height / 2}) rotate(-90)" text-anchor="middle">simulations whose truth it holds</text>`,
    text(main.x, 24, 'Expected coverage', 'start', 'bold'),
    ...studies.map(({ label }, s) =>
      text(
        main.x + main.width - 8,
        main.y + main.height - 12 - 16 * (studies.length - 1 - s),
        label,
        'end',
        'bold',
        inks[s]!,
      ),
    ),
  ];
  const [columns, left, size] = [4, 430, 118];
  const distance = (shares: readonly number[]) => shares.map((share, i) => share - levels[i]!);
  const { low, high } = bands.allParameters;
  parts.push(text(left, 24, 'Ranks of the truth: distance from uniform', 'start', 'bold'));
  parameters.forEach(({ name }, p) => {
    const frame: Frame = {
      x: left + (p % columns) * (size + 22),
      y: 52 + Math.floor(p / columns) * (size + 52),
      ...{ width: size, height: size, low: -0.2, high: 0.2 },
    };
    parts.push(
      band(frame, levels, { low: distance(low), high: distance(high) }, paleGrey),
      curve(frame, [0, 1], [0, 0], '#888888', '4 3'),
      ...studies.map((study, s) =>
        curve(frame, whole(levels), [0, ...distance(study.parameters[p]!.curve), 0], inks[s]!),
      ),
      axes(
        frame,
        p % columns === 0 ? [-0.1, 0, 0.1] : [],
        (value) => value.toFixed(1).replace('-', '−'),
        [0.5],
      ),
      text(frame.x, frame.y - 6, name),
    );
  });
  const [width, height] = [left + columns * (size + 22), 400];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222222">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** With both ends, where every curve begins and ends. */
const whole = (shares: readonly number[]) => [0, ...shares, 1];
const percent = (value: number) => `${100 * value} %`;
const across = ({ x, width }: Frame, level: number) => (x + level * width).toFixed(1);
const up = ({ y, height, low, high }: Frame, value: number) =>
  (y + height * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low))).toFixed(1);

function curve(
  frame: Frame,
  levels: readonly number[],
  values: readonly number[],
  ink: string,
  dash = 'none',
): string {
  const points = levels.map((level, i) => `${across(frame, level)},${up(frame, values[i]!)}`).join(' ');
  return `<polyline points="${points}" fill="none" stroke="${ink}" stroke-width="1.5" stroke-dasharray="${dash}"/>`;
}

function band(
  frame: Frame,
  levels: readonly number[],
  { low, high }: { low: readonly number[]; high: readonly number[] },
  fill: string,
): string {
  const edge = (values: readonly number[]) =>
    levels.map((level, i) => `${across(frame, level)},${up(frame, values[i]!)}`);
  return `<polygon points="${[...edge(low), ...edge(high).reverse()].join(' ')}" fill="${fill}"/>`;
}

function axes(
  frame: Frame,
  ticks: readonly number[],
  label: (value: number) => string,
  levels: readonly number[],
): string {
  const { x, y, width, height } = frame;
  const marks = ticks.map((value) => text(x - 6, Number(up(frame, value)) + 4, label(value), 'end'));
  const below = levels.map((level) =>
    text(Number(across(frame, level)), y + height + 16, percent(level), 'middle'),
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="#666666" stroke-width="0.8"/>`,
    ...marks,
    ...below,
  ].join('\n');
}

function text(
  x: number,
  y: number,
  content: string,
  anchor = 'start',
  weight = 'normal',
  fill = '#222222',
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}" fill="${fill}">${content}</text>`;
}
