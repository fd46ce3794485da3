/** What all runs of a comparison share, and what each method was given beside it. */
import { Paper, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Comparison, OptionValue } from '../../api/types'
import { ModelLink, VersionLink } from '../models/links'
import trainingClasses from '../training/training.module.css'
import classes from './comparisons.module.css'

export function SetUp({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const { family, size, init, teacher, dataset_version, train_split, validation_split } = comparison
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="set-up">
      <Title order={2} size="h4" id="set-up" mb="sm">
        {t('comparisons.setup')}
      </Title>
      <div className={classes.setUp}>
        <dl className={trainingClasses.facts}>
          <dt>{t('comparisons.studentModel')}</dt>
          <dd>{[family, size].filter(Boolean).join(' · ')}</dd>
          <dt>{t('training.begin')}</dt>
          <dd>{init ? <ModelLink model={init} /> : t('training.fresh')}</dd>
          {teacher && (
            <>
              <dt>{t('training.teacher')}</dt>
              <dd>
                <ModelLink model={teacher} />
              </dd>
            </>
          )}
          <dt>{t('training.data')}</dt>
          <dd>{dataset_version ? <VersionLink version={dataset_version} /> : t('training.rendered')}</dd>
          {dataset_version && (
            <>
              <dt>{t('training.trainSplit')}</dt>
              <dd>{train_split}</dd>
              <dt>{t('training.validationSplit')}</dt>
              <dd>{validation_split}</dd>
            </>
          )}
          <dt>{t('comparisons.seeds')}</dt>
          <dd>{comparison.seeds.join(', ')}</dd>
        </dl>
        <Options title={t('comparisons.common')} options={comparison.options} />
        {comparison.methods.map((method) => (
          <Options
            key={method}
            title={t('comparisons.ownOptions', { method })}
            options={comparison.method_options[method] ?? {}}
          />
        ))}
      </div>
    </Paper>
  )
}

/** In columns of their own; nothing where there are none. */
function Options({ title, options }: { title: string; options: Record<string, OptionValue> }) {
  const entries = Object.entries(options)
  if (entries.length === 0) return null
  return (
    <section className={classes.setUpPart} aria-label={title}>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      <dl className={trainingClasses.facts}>
        {entries.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{String(value)}</dd>])}
      </dl>
    </section>
  )
}
