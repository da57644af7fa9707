/** What the checks of one submission share; each thing is made once, and closed with the others at the end. */
export class SharedThings {
  readonly #made = new Map<string, Promise<{ close(): Promise<void> }>>();

  shared<T extends { close(): Promise<void> }>(name: string, open: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name);
    if (known !== undefined) return known as Promise<T>;
    const making = open();
    this.#made.set(name, making);
    making.catch(() => undefined);
    return making;
  }

  /** Closes what was made. @throws what closing throws */
  async close(): Promise<void> {
    const things = [...this.#made.values()];
    this.#made.clear();
    await Promise.all(
      things.map((thing) =>
        thing.then(
          (one) => one.close(),
          () => undefined,
        ),
      ),
    );
  }
}
