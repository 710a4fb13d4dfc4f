/** Whoever takes steps: a process that handles one message, or somebody outside. */
export interface Actor {
  readonly id: number;
  readonly name: string;
  /** Of the priority scheduler: the highest goes first. */
  priority: number;
  /** A dead one takes no further step, and its calls are never answered. */
  dead: boolean;
}

/** One step that an actor is ready to take. */
export interface Step {
  readonly actor: Actor;
  readonly label: string;
  readonly run: () => void;
}
