/** Numbers whose count is known only at their end; twice the room is taken whenever it is full. */
export class GrowingColumn {
  #values = new Float64Array(4096);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /** All of them; a view that the next push may leave behind. */
  whole(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }
}
