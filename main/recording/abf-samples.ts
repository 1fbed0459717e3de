import type { AbfBytes } from './abf-bytes.ts';
import type { AbfChannel, AbfHeader, AbfSweep } from './abf-header.ts';

/** Samples of all channels together that are read at once; 8 or 16 MB. */
const BLOCK = 4_194_304;

/** The samples of an ABF file: sweep after sweep, the channels taking turns in each. */
export class AbfSamples {
  readonly #bytes: AbfBytes;
  readonly #header: AbfHeader;
  readonly #size: number;

  constructor(bytes: AbfBytes, header: AbfHeader) {
    this.#bytes = bytes;
    this.#header = header;
    this.#size = header.data.kind === 'int16' ? 2 : 4;
  }

  /** Is the whole sweep inside the file? */
  isComplete({ first, samples }: AbfSweep): boolean {
    const { data, channels } = this.#header;
    const end = data.offset + (first + samples * channels.length) * this.#size;
    return data.offset > 0 && end <= this.#bytes.size;
  }

  /**
   * Samples start … start+count−1 of a sweep in the channel's unit.
   *
   * @throws AppError `file-unreadable`
   */
  read(channel: AbfChannel, sweep: AbfSweep, start: number, count: number): Float32Array {
    const { data, channels } = this.#header;
    const n = channels.length;
    const place = channels.indexOf(channel);
    const whole = data.kind === 'int16';
    const { scale, offset } = whole ? channel : { scale: 1, offset: 0 };
    const out = new Float32Array(count);
    const perBlock = Math.floor(BLOCK / n);
    for (let done = 0; done < count; done += perBlock) {
      const size = Math.min(perBlock, count - done);
      const from = data.offset + (sweep.first + (start + done) * n) * this.#size;
      const view = this.#bytes.piece(from, size * n * this.#size, `the samples of ${channel.name}`);
      for (let i = 0; i < size; i++) {
        const at = (i * n + place) * this.#size;
        out[done + i] = (whole ? view.getInt16(at, true) : view.getFloat32(at, true)) * scale + offset;
      }
    }
    return out;
  }
}
