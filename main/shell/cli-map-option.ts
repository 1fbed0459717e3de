import { InvalidArgumentError, Option } from 'commander';
import { AppError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import { parseMapping } from '../recording/mapping-text.ts';

/** Which columns of a text or plain HDF5 file are what; files of other formats have their own layout and ignore it. */
export const mapOption = () =>
  new Option(
    '--map <columns>',
    'columns of a CSV, TSV or plain HDF5 file, as time=t:ms,voltage=v:mV,current=i:pA (or rate=20kHz)',
  ).argParser((text): TraceMapping => {
    try {
      return parseMapping(text);
    } catch (thrown) {
      const { message, remedy } = AppError.from(thrown);
      throw new InvalidArgumentError(`${message} ${remedy}`);
    }
  });

export interface MapOption {
  map?: TraceMapping;
}
