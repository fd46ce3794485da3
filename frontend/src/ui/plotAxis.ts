/** What the axes of every plot share: the ink, grid and type of the element that it is drawn in, and so of the scheme. */
export function plotAxis(element: Element) {
  const style = getComputedStyle(element)
  return {
    stroke: style.color,
    grid: { stroke: style.borderTopColor, width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
    labelFont: `12px ${style.fontFamily}`,
    labelSize: 18,
  }
}
