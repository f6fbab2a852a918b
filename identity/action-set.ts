interface Node {
  readonly next: Map<string, Node>;
  star: Node | undefined;
  /** A pattern ends here. */
  ends: boolean;
  /** A pattern ends here with `**`, which stands for one segment or more. */
  open: boolean;
}

const newNode = (): Node => ({ next: new Map(), star: undefined, ends: false, open: false });

/** The segments of a concrete action; taken apart once for all the roles that it is compared with. */
export type ActionSegments = readonly string[];
export const segmentsOf = (action: string): ActionSegments => action.split("/");

/** What a list of patterns covers, as a tree of their segments: a look-up does not grow with the number of patterns. */
export class ActionSet {
  readonly #root = newNode();

  constructor(patterns: Iterable<string>) {
    for (const pattern of patterns) this.#add(pattern);
  }

  has(action: ActionSegments): boolean {
    return covers(this.#root, action, 0);
  }

  #add(pattern: string): void {
    const segments = pattern.split("/");
    const open = segments.at(-1) === "**";
    let node = this.#root;
    for (const segment of open ? segments.slice(0, -1) : segments) node = step(node, segment);
    if (open) node.open = true;
    else node.ends = true;
  }
}

function step(node: Node, segment: string): Node {
  if (segment === "*") {
    node.star ??= newNode();
    return node.star;
  }
  const next = node.next.get(segment) ?? newNode();
  node.next.set(segment, next);
  return next;
}

/** Each node is looked at once at most, so the work is bounded by the patterns, and mostly by the action's few segments. */
function covers(node: Node, action: ActionSegments, at: number): boolean {
  const segment = action[at];
  if (segment === undefined) return node.ends;
  if (node.open) return true;
  const named = node.next.get(segment);
  if (named !== undefined && covers(named, action, at + 1)) return true;
  return node.star !== undefined && covers(node.star, action, at + 1);
}
