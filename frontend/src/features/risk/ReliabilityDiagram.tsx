/** Of labels with a risk of so much, how many were wrong? A bar on the dashed line means what it says. */
import { useTranslation } from 'react-i18next'
import type { RiskModel } from '../../api/types'
import classes from './risk.module.css'

const SIDE = 160
const MARGIN = 26

export function ReliabilityDiagram({ risk }: { risk: RiskModel }) {
  const { t } = useTranslation()
  const { bins } = risk.reliability
  const told = bins.map((bin) =>
    t('risk.bin', { risk: percent(bin.mean_risk), wrong: percent(bin.error_rate), ...bin }),
  )
  return (
    <svg
      className={classes.diagram}
      viewBox={`0 0 ${SIDE + MARGIN + 8} ${SIDE + MARGIN + 8}`}
      role="img"
      aria-label={`${t('risk.reliability')}: ${told.join('; ')}`}
    >
      <g transform={`translate(${MARGIN}, 4)`}>
        <rect className={classes.frame} width={SIDE} height={SIDE} />
        {bins.map((bin, at) => (
          <rect
            key={bin.low}
            className={classes.bar}
            x={bin.low * SIDE + 1}
            y={(1 - bin.error_rate) * SIDE}
            width={(bin.high - bin.low) * SIDE - 2}
            height={bin.error_rate * SIDE}
          >
            <title>{told[at]}</title>
          </rect>
        ))}
        <line className={classes.even} x1={0} y1={SIDE} x2={SIDE} y2={0} />
        <text className={classes.tick} x={SIDE / 2} y={SIDE + 18} textAnchor="middle">
          {t('risk.riskAxis')}
        </text>
        <text className={classes.tick} textAnchor="middle" transform={`translate(-10, ${SIDE / 2}) rotate(-90)`}>
          {t('risk.wrongAxis')}
        </text>
      </g>
    </svg>
  )
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
