import type { Pen, Picture } from '../../main/figures/pen.ts';

/** A picture is put on a canvas of its own once, and stretched from there. */
const drawn = new WeakMap<Picture, HTMLCanvasElement>();

/** A canvas's context that draws figures: it draws pictures too. */
export function canvasPen(context: CanvasRenderingContext2D): Pen {
  return Object.assign(context, {
    drawPicture: (picture: Picture, x: number, y: number, width: number, height: number) => {
      context.drawImage(canvasOf(picture), x, y, width, height);
    },
  });
}

function canvasOf(picture: Picture): HTMLCanvasElement {
  const known = drawn.get(picture);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext('2d');
  const image = context?.createImageData(picture.width, picture.height);
  if (context && image) {
    image.data.set(picture.data);
    context.putImageData(image, 0, 0);
  }
  drawn.set(picture, canvas);
  return canvas;
}
