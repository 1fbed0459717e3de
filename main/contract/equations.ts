import { z } from 'zod';

/** An expression laid out as mathematics: what MathML says, without its syntax. */
export type MathNode =
  | { kind: 'number'; text: string }
  /** A symbol with its subscript; «_» is already parted. */
  | { kind: 'symbol'; base: string; sub: string }
  | { kind: 'operator'; text: string }
  | { kind: 'row'; parts: MathNode[] }
  | { kind: 'fraction'; over: MathNode; under: MathNode }
  | { kind: 'power'; base: MathNode; exponent: MathNode }
  | { kind: 'root'; of: MathNode };

const mathNodeSchema: z.ZodType<MathNode> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('number'), text: z.string() }),
    z.object({ kind: z.literal('symbol'), base: z.string(), sub: z.string() }),
    z.object({ kind: z.literal('operator'), text: z.string() }),
    z.object({ kind: z.literal('row'), parts: z.array(mathNodeSchema) }),
    z.object({ kind: z.literal('fraction'), over: mathNodeSchema, under: mathNodeSchema }),
    z.object({ kind: z.literal('power'), base: mathNodeSchema, exponent: mathNodeSchema }),
    z.object({ kind: z.literal('root'), of: mathNodeSchema }),
  ]),
);

/** A model's equations, in the order in which a paper would give them. */
export const equationsSchema = z.array(
  z.object({
    title: z.string(),
    /** The same in one line of plain text, for screen readers and the clipboard. */
    lines: z.array(z.object({ math: mathNodeSchema, text: z.string() })),
  }),
);
export type Equations = z.infer<typeof equationsSchema>;
