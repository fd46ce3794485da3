/** Light of the picture: gamma, brightness and contrast, applied by the compositor; a canvas filter would cost a pass over every pixel. */

export interface Light {
  /** 1 = as recorded; above, shadows are lifted and lights stay. */
  readonly gamma: number
  readonly brightness: number
  readonly contrast: number
}

export const AS_RECORDED: Light = { gamma: 1, brightness: 1, contrast: 1 }

const SVG = 'http://www.w3.org/2000/svg'
let made = 0

/** CSS has no gamma of its own, so each stage holds one SVG filter. */
export class Tone {
  private readonly id = `desk-gamma-${++made}`
  private readonly svg: SVGSVGElement
  private readonly channels: readonly SVGElement[]

  constructor(host: HTMLElement) {
    const page = host.ownerDocument
    this.svg = page.createElementNS(SVG, 'svg')
    const filter = page.createElementNS(SVG, 'filter')
    const transfer = page.createElementNS(SVG, 'feComponentTransfer')
    this.channels = ['R', 'G', 'B'].map((channel) => page.createElementNS(SVG, `feFunc${channel}`) as SVGElement)
    for (const channel of this.channels) channel.setAttribute('type', 'gamma')
    filter.id = this.id
    filter.setAttribute('color-interpolation-filters', 'sRGB')
    for (const [name, value] of Object.entries({ width: '0', height: '0', 'aria-hidden': 'true' }))
      this.svg.setAttribute(name, value)
    this.svg.style.position = 'absolute'
    transfer.append(...this.channels)
    filter.append(transfer)
    this.svg.append(filter)
    host.append(this.svg)
  }

  apply(canvas: HTMLCanvasElement, light: Light): void {
    for (const channel of this.channels) channel.setAttribute('exponent', (1 / light.gamma).toFixed(3))
    const wanted = filterOf(light, this.id)
    if (canvas.style.filter !== wanted) canvas.style.filter = wanted
  }

  close(): void {
    this.svg.remove()
  }
}

/** As CSS; nothing where nothing is changed, so that the plain picture costs nothing. */
export function filterOf({ gamma, brightness, contrast }: Light, id: string): string {
  const parts = [
    gamma !== 1 && `url("#${id}")`,
    brightness !== 1 && `brightness(${brightness})`,
    contrast !== 1 && `contrast(${contrast})`,
  ]
  return parts.filter(Boolean).join(' ')
}
