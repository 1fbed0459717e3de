import { encode } from 'fast-png';
import type { Picture } from './pen.ts';
import type { Mark, Paint, PathStep } from './recording-pen.ts';

const round = (value: number) => String(Math.round(value * 100) / 100);
/** Text between tags and in quoted attributes, of XML and HTML. */
export const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * A figure as SVG 1.1, with its title; text stays text, densities are embedded images.
 * @param prefix of its ids, where several stand in one document
 */
export function figureSvg(
  marks: readonly Mark[],
  width: number,
  height: number,
  title: string,
  prefix = '',
): string {
  const clips = new Map<string, string>();
  const clipOf = (mark: Mark) => {
    if (mark.clip === null) return '';
    const [x, y, w, h] = mark.clip.map(round);
    const box = `<rect x="${x}" y="${y}" width="${w}" height="${h}"/>`;
    if (!clips.has(box)) clips.set(box, `${prefix}c${clips.size}`);
    return ` clip-path="url(#${clips.get(box)})"`;
  };
  const body = marks.map((mark) => element(mark, clipOf(mark)));
  const defs = [...clips].map(([box, id]) => `<clipPath id="${id}">${box}</clipPath>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">`,
    `<title>${escaped(title)}</title>`,
    ...(defs.length > 0 ? [`<defs>${defs.join('')}</defs>`] : []),
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function element(mark: Mark, clip: string): string {
  switch (mark.kind) {
    case 'fill':
      return `<path d="${pathData(mark.path)}"${paint('fill', mark.paint)}${clip}/>`;
    case 'stroke': {
      const dash = mark.dash.length > 0 ? ` stroke-dasharray="${mark.dash.join(' ')}"` : '';
      return `<path d="${pathData(mark.path)}" fill="none"${paint('stroke', mark.paint)} stroke-width="${round(mark.width)}"${dash}${clip} stroke-linejoin="round"/>`;
    }
    case 'text': {
      const anchor = { left: '', center: ' text-anchor="middle"', right: ' text-anchor="end"' }[mark.align];
      const style = `${mark.italic ? ' font-style="italic"' : ''}${mark.bold ? ' font-weight="bold"' : ''}`;
      const place = mark.upwards
        ? `transform="translate(${round(mark.x + mark.drop)} ${round(mark.y)}) rotate(-90)"`
        : `x="${round(mark.x)}" y="${round(mark.y + mark.drop)}"`;
      return `<text ${place} font-size="${round(mark.size)}"${style}${anchor}${paint('fill', mark.paint)}${clip}>${escaped(mark.text)}</text>`;
    }
    case 'image': {
      const { x, y, w, h, alpha } = mark;
      const faint = alpha < 1 ? ` opacity="${round(alpha)}"` : '';
      return `<image x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" preserveAspectRatio="none" xlink:href="${pngUrl(mark.picture)}"${faint}${clip}/>`;
    }
  }
}

function pathData(path: readonly PathStep[]): string {
  return path
    .map((step) => (step[0] === 'Z' ? 'Z' : `${step[0]}${round(step[1])} ${round(step[2])}`))
    .join('');
}

function paint(name: 'fill' | 'stroke', { colour, alpha }: Paint): string {
  return ` ${name}="${colour}"${alpha < 1 ? ` ${name}-opacity="${round(alpha)}"` : ''}`;
}

function pngUrl({ width, height, data }: Picture): string {
  const png = encode({ width, height, data, channels: 4 });
  return `data:image/png;base64,${btoa(Array.from(png, (byte) => String.fromCharCode(byte)).join(''))}`;
}
