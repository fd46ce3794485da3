/** How many errors of which kind; each bar leads to its errors. */
import { Paper, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ERROR_KINDS, type Report } from '../../api/report'
import { formatCount } from '../../ui/format'
import classes from './evaluations.module.css'

export function ErrorKinds({ counts }: { counts: Report['error_counts'] }) {
  const { t } = useTranslation()
  const most = Math.max(1, ...ERROR_KINDS.map((kind) => counts[kind]))
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="error-kinds">
      <Title order={2} size="h4" mb="sm" id="error-kinds">
        {t('evaluations.kinds')}
      </Title>
      <ul className={classes.kinds}>
        {ERROR_KINDS.map((kind) => (
          <li key={kind}>
            <Link
              from="/models/evaluations/$evaluationId"
              to="."
              search={{ part: 'errors', kind }}
              resetScroll={false}
              className={classes.kind}
            >
              <Text span size="sm" fw={600}>
                {t(`evaluations.kind.${kind}`)}
              </Text>
              <span className={classes.track} aria-hidden>
                <span style={{ width: `${(counts[kind] / most) * 100}%`, background: `var(--kind-${kind})` }} />
              </span>
              <span className={classes.barFigure}>{formatCount(counts[kind])}</span>
              <Text span size="xs" c="dimmed">
                {t(`evaluations.kindHelp.${kind}`)}
              </Text>
            </Link>
          </li>
        ))}
      </ul>
    </Paper>
  )
}
