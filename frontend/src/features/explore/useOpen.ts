/** Opens a tile's frame on the desk. */
import { useNavigate } from '@tanstack/react-router'
import { frameOf, type Tile } from './tiles'

export function useOpen(): (tile: Tile) => void {
  const navigate = useNavigate()
  return (tile) => void navigate({ to: '/audit/desk', search: { frame: frameOf(tile) } })
}
