import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figurePdf } from '../../../../main/figures/figure-pdf.ts';
import { figureSvg } from '../../../../main/figures/figure-svg.ts';
import { printColours } from '../../../../main/figures/figure.ts';
import { textRuns } from '../../../../main/figures/pdf-text.ts';
import { paintOf, RecordingPen } from '../../../../main/figures/recording-pen.ts';

/** Half the size a letter, as a monospaced font would. */
const measure = (text: string, font: string) => (text.length * Number(/([\d.]+)px/.exec(font)![1])) / 2;
const pen = () => new RecordingPen(measure);

describe('a pen that writes down', () => {
  it('places what is drawn in the figure’s coordinates, and gives back what was saved', () => {
    const drawn = pen();
    drawn.save();
    drawn.translate(10, 20);
    drawn.fillStyle = 'rgba(0, 114, 178, 0.5)';
    drawn.globalAlpha = 0.5;
    drawn.fillRect(1, 2, 3, 4);
    drawn.restore();
    drawn.beginPath();
    drawn.moveTo(1, 1);
    drawn.lineTo(2, 2);
    drawn.stroke();
    expect(drawn.marks).toMatchObject([
      { kind: 'fill', paint: { colour: '#0072b2', alpha: 0.25 }, clip: null },
      { kind: 'stroke', path: [['M', 1, 1], ['L', 2, 2]], paint: { colour: '#000000', alpha: 1 } },
    ]); // prettier-ignore
    expect(drawn.marks[0]).toMatchObject({ path: [['M', 11, 22], ['L', 14, 22], ['L', 14, 26], ['L', 11, 26], ['Z']] }); // prettier-ignore
  });

  it('turns text upwards around its place', () => {
    const drawn = pen();
    drawn.translate(30, 100);
    drawn.rotate(-Math.PI / 2);
    drawn.fillText('mV', 5, 2);
    expect(drawn.marks).toMatchObject([{ kind: 'text', x: 32, y: 95, upwards: true, size: 12 }]);
  });

  it('clips to what all rectangles share, and says what it cannot do', () => {
    const drawn = pen();
    for (const [x, y] of [
      [0, 0],
      [5, 5],
    ] as const) {
      drawn.beginPath();
      drawn.rect(x, y, 10, 10);
      drawn.clip();
    }
    drawn.fillRect(0, 0, 1, 1);
    expect(drawn.marks[0]!.clip).toEqual([5, 5, 5, 5]);
    drawn.beginPath();
    drawn.moveTo(0, 0);
    expect(() => drawn.clip()).toThrow(RangeError);
    expect(() => drawn.rotate(1)).toThrow(RangeError);
    expect(() => paintOf('hotpink')).toThrow(/hotpink/);
  });
});

describe('a figure as SVG', () => {
  it('keeps text as text, escaped, and lines as paths with their dash and clip', () => {
    const drawn = pen();
    drawn.beginPath();
    drawn.rect(0, 0, 50, 50);
    drawn.clip();
    drawn.setLineDash([4, 3]);
    drawn.beginPath();
    drawn.moveTo(0.001, 1.23456);
    drawn.lineTo(9, 9);
    drawn.stroke();
    drawn.textAlign = 'right';
    drawn.fillText('V < −60 & "rest"', 10, 10);
    const svg = figureSvg(drawn.marks, 100, 50, 'A & B');
    expect(svg).toContain('<title>A &amp; B</title>');
    expect(svg).toContain('d="M0 1.23L9 9"');
    expect(svg).toContain('stroke-dasharray="4 3"');
    expect(svg).toContain('clip-path="url(#c0)"');
    expect(svg).toContain('text-anchor="end"');
    expect(svg).toContain('V &lt; −60 &amp; &quot;rest&quot;</text>');
  });
});

describe('text in a PDF', () => {
  it('takes minus and Greek from Symbol, sets superscripts small, and nothing else apart', () => {
    expect(textRuns('−60 mV').map(({ face, codes }) => [face, codes[0]])).toEqual([
      ['symbol', 0x2d],
      ['helvetica', 0x36],
    ]);
    expect(textRuns('σ µA·√ms/cm²').map(({ face, text }) => `${face} ${text}`)).toEqual([
      'symbol σ',
      'helvetica  µA·',
      'symbol √',
      'helvetica ms/cm²',
    ]);
    expect(textRuns('10⁻⁴').map(({ scale }) => scale)).toEqual([1, 0.65, 0.65]);
    expect(textRuns('鑫')[0]!.codes).toEqual([0x3f]);
  });
});

describe('a figure as PDF', () => {
  const drawn = pen();
  drawn.fillStyle = '#0072b2';
  drawn.fillRect(0, 0, 10, 10);
  drawn.fillText('τ = 12 ms', 20, 20);
  const picture = { width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8) };
  drawn.drawPicture(picture, 5, 5, 30, 30);
  const bytes = figurePdf(drawn.marks, { width: 96, height: 48 }, 'Vₘ', measure);
  const text = new TextDecoder('latin1').decode(bytes);

  it('has every object where its table says', () => {
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
    expect(text.slice(start, start + 4)).toBe('xref');
    const entries = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)];
    entries.forEach((entry, i) => {
      expect(text.slice(Number(entry[1])).startsWith(`${i + 1} 0 obj\n`)).toBe(true);
    });
    expect(entries.length).toBeGreaterThan(8);
    expect(text).toContain('/Root');
  });
  it('is a page of the figure’s size in points, its densities with their opacity', () => {
    expect(text).toContain('/MediaBox [0 0 72 36]');
    expect(text).toContain('/SMask');
    expect(text).toContain('/FS 12 Tf 1 0 0 -1 20 20 Tm <74> Tj');
    expect(text).toContain('/Title <feff00562098>');
    for (const [, length, body] of text.matchAll(/\/Length (\d+) >>\nstream\n([^]*?)\nendstream/g)) {
      expect(body).toHaveLength(Number(length));
    }
  });
});

it('prints in the colours of the light theme', () => {
  const css = readFileSync(new URL('../../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
  const light = css.slice(0, css.indexOf("[data-theme='dark']"));
  const token = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(light)?.[1];
  const names = { secondary: 'ink-2', line: 'line-strong' } as Record<string, string>;
  for (const [name, value] of Object.entries(printColours)) {
    expect([name, token(names[name] ?? name)]).toEqual([name, value]);
  }
});
