/** Red, green, blue and opacity, [height, width, 4] row-major, rows from above. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** The part of a canvas's context that lines, areas and text are drawn with: what SVG and PDF can say as well. */
export type LinePen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'save'
  | 'restore'
  | 'translate'
  | 'rotate'
  | 'scale'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'arc'
  | 'rect'
  | 'clip'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'setLineDash'
  | 'fillText'
  | 'measureText'
>;

/** The same, and pictures: what a whole figure is drawn with. */
export type Pen = LinePen & {
  /** A picture that was made for the figure, stretched into a rectangle. */
  drawPicture(picture: Picture, x: number, y: number, width: number, height: number): void;
};

/** Draws into width × height CSS pixels. */
export type Draw = (pen: Pen, width: number, height: number) => void;

/** The type of all figures, on the screen and in print. */
export const fontFamily = 'system-ui, "Segoe UI", "Liberation Sans", "Noto Sans", sans-serif';
export const smallFont = `12px ${fontFamily}`;
