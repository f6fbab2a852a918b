/**
 * Does one piece of long synchronous work per turn of the event loop, in the order of arrival: requests that are short
 * are answered in between, and wait for one long one at most, however many there are.
 */
export function oneAtATime(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(nextTurn).then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
