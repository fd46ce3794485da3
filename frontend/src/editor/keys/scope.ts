/** Where a key acts. The innermost place that knows a key has it: an arrow moves the box in edit mode, and the selection elsewhere. */

export type Scope =
  | 'anywhere'
  | 'desk'
  | 'desk.browse'
  | 'desk.edit'
  | 'grid'
  | 'grid.conflict'
  | 'track'
  | 'track.edit'

export const scopeOf = ({ scope = 'desk' }: { readonly scope?: Scope }): Scope => scope

/** Its scope, and wherever else the same keys mean the same. */
export const scopesOf = ({
  scope,
  also = [],
}: {
  readonly scope?: Scope
  readonly also?: readonly Scope[]
}): Scope[] => [scopeOf({ scope }), ...also]

/** Does a key of `inner` act in a part of where `outer` acts? */
export const holds = (outer: Scope, inner: Scope): boolean =>
  outer === 'anywhere' || inner === outer || inner.startsWith(`${outer}.`)

/** 0 for anywhere, more for narrower places. */
export const depthOf = (scope: Scope): number => (scope === 'anywhere' ? 0 : scope.split('.').length)
