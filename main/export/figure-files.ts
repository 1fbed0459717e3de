import { figurePdf } from '../figures/figure-pdf.ts';
import { figureSvg } from '../figures/figure-svg.ts';
import { type Figure, printColours } from '../figures/figure.ts';
import { type Mark, RecordingPen } from '../figures/recording-pen.ts';
import { type ExportedFile, textFile } from './files.ts';
import { figurePng } from './figure-png.ts';
import { textWidth } from './text-width.ts';

/** Each as SVG, PNG (2×) and PDF in print colours, and the numbers behind it as CSV. */
export async function figureFiles(figures: readonly Figure[]): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  for (const figure of figures) {
    const marks = marksOf(figure);
    const svg = figureSvg(marks, figure.width, figure.height, figure.title);
    const pdf = figurePdf(marks, figure, figure.title, textWidth);
    files.push(
      textFile(`${figure.name}.svg`, svg, 'image/svg+xml'),
      { name: `${figure.name}.png`, mime: 'image/png', bytes: await figurePng(svg) },
      { name: `${figure.name}.pdf`, mime: 'application/pdf', bytes: pdf },
      textFile(`${figure.name}.csv`, figure.csv(), 'text/csv'),
    );
  }
  return files;
}

/** For a page: without the declaration of a file, and with ids of its own. */
export function inlineSvg(figure: Figure): string {
  const svg = figureSvg(marksOf(figure), figure.width, figure.height, figure.title, `${figure.name}-`);
  return svg.slice(svg.indexOf('<svg'));
}

function marksOf(figure: Figure): readonly Mark[] {
  const pen = new RecordingPen(textWidth);
  figure.draw(printColours)(pen, figure.width, figure.height);
  return pen.marks;
}
