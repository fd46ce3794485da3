/** Places on a plane: equirectangular about their middle, which is true enough for a city or a country. No tiles are asked of anybody. */

export interface Place {
  id: number
  lat: number
  lon: number
}

export interface Plotted {
  id: number
  x: number
  y: number
}

const KM_A_DEGREE = 111.32
const MARGIN = 0.08
const STEPS = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1]

/** Points in a width x height picture, north up, and a scale bar that fits a fifth of it. */
export function plotted(places: readonly Place[], width: number, height: number) {
  const lats = places.map(({ lat }) => lat)
  const lons = places.map(({ lon }) => lon)
  const middle = { lat: mid(lats), lon: mid(lons) }
  const narrowing = Math.cos((middle.lat * Math.PI) / 180)
  const wide = Math.max((Math.max(...lons) - Math.min(...lons)) * narrowing, 0.01)
  const high = Math.max(Math.max(...lats) - Math.min(...lats), 0.01)
  const scale = Math.min((width * (1 - 2 * MARGIN)) / wide, (height * (1 - 2 * MARGIN)) / high)
  const points: Plotted[] = places.map(({ id, lat, lon }) => ({
    id,
    x: width / 2 + (lon - middle.lon) * narrowing * scale,
    y: height / 2 - (lat - middle.lat) * scale,
  }))
  const kmWide = (width / scale) * KM_A_DEGREE
  const km = STEPS.find((step) => step <= kmWide / 5) ?? 0.1
  return { points, km, barWidth: (km / KM_A_DEGREE) * scale }
}

const mid = (values: readonly number[]): number => (Math.max(...values) + Math.min(...values)) / 2
