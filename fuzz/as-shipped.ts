// How a program's image runs it, as far as that holds outside the image: Node's flags and environment without the paths it may read.
import { RECIPES } from '../images/recipes.ts';

export interface Shipped {
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Of a program of dist/, `db` for `db.js`. */
export function asShipped(program: string): Shipped {
  const recipe = RECIPES.find((one) => one.program === `${program}.js`);
  if (!recipe) throw new Error(`no image holds ${program}.js`);
  const nodeFlags = recipe.flags.filter((flag) => flag !== '--permission' && !flag.startsWith('--allow-'));
  return { nodeFlags, env: recipe.env };
}
