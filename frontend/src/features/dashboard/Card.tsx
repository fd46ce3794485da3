/** What every figure of the dashboard stands in: its title, which leads to what it counts, its number, and a line about it. */
import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import classes from './dashboard.module.css'

interface CardProps {
  title: string
  /** A path of the page, with a query where it needs one. */
  link: string
  number: string
  about: string
  nothing: boolean
  children: ReactNode
}

export function Card({ title, link, number, about, nothing, children }: CardProps) {
  const { t } = useTranslation()
  const [path, query] = link.split('?')
  return (
    <Paper withBorder component="section" aria-label={title} className={classes.card}>
      <div className={classes.head}>
        <TextLink to={path ?? link} search={Object.fromEntries(new URLSearchParams(query))}>
          {title}
        </TextLink>
        <span className={classes.number}>{number}</span>
      </div>
      <Text size="xs" c="dimmed" mb={4}>
        {about}
      </Text>
      {nothing && (
        <div className={classes.nothing}>
          <Text size="sm" c="dimmed">
            {t('dashboard.nothing')}
          </Text>
        </div>
      )}
      {children}
    </Paper>
  )
}
